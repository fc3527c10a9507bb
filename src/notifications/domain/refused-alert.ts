/** What the alert of a force's unmended refusals is raised and cleared by: `alertedAt` stands on each of their rows. */
export function alertSubject(forceCode: string, alertedAt: Date): string {
  return `${forceCode} ${alertedAt.toISOString()}`;
}
