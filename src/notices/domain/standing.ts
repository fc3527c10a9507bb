import { DomainError } from '../../common/errors.js';

/** Desk kinds whose officers read a notice themselves; any other desk has to find the school first. */
const READING_DESKS: readonly string[] = ['home-education', 'early-years'];

/**
 * A school's notice is the school's to read and act on: an authority that can see it cannot silence it. A desk's own notice is
 * its officers', but only at a desk that reads for itself.
 *
 * @param deskKind the kind of desk that routing chose: where an authority lacks that desk, another stands in for it
 * @param scope the acting transaction's scope, such as `setting:900123`
 * @throws DomainError (403) saying what to do instead
 */
export function assertMayActOn(
  notice: { settingUrn: string | null },
  deskKind: string | null,
  scope: string,
): void {
  if (notice.settingUrn) {
    if (scope === `setting:${notice.settingUrn}`) return;
    throw new DomainError(
      'not-the-school',
      'Only an adult at the school can do this. Ring the school and record the call.',
      403,
    );
  }
  if (
    deskKind !== null &&
    READING_DESKS.includes(deskKind) &&
    (scope.startsWith('authority:') || scope === 'system')
  )
    return;
  throw new DomainError('place-first', 'This notice has no school yet. Find its school first.', 403);
}
