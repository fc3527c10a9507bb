/**
 * What makes this Redis unfit for jobs, from its INFO; undefined when nothing does. Our jobs would survive (they are
 * rows in PostgreSQL), but a Redis that evicts or forgets makes them late without saying so.
 */
export function redisProblem(info: string): string | undefined {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  if (field('aof_enabled') !== '1') return 'Redis runs without its append-only file: set appendonly yes';
  const policy = field('maxmemory_policy');
  if (policy !== 'noeviction')
    return `Redis may evict jobs (${policy ?? 'unknown'}): set maxmemory-policy noeviction`;
  return undefined;
}
