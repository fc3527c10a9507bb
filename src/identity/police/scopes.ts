/** What a police system's token may be good for. */
export const SCOPES = ['notifications:write', 'notifications:read'] as const;
export type Scope = (typeof SCOPES)[number];

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
