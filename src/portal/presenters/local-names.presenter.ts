import { moment } from './london-time.js';
import type { LocalNameRow, LocalNamesView } from './local-names.view-model.js';
import type { FieldError } from './page-context.view-model.js';
import { portalPaths } from './paths.js';

/** A local name as routing keeps it. */
export interface LocalName {
  readonly id: string;
  readonly words: string | null;
  readonly settingUrn: string;
  readonly settingName: string;
  readonly settingStatus: string;
  readonly state: 'proposed' | 'approved' | 'rejected';
  readonly evidence: number;
  readonly proposedAt: Date;
  readonly approvedFor: number;
  readonly automatic: boolean;
  readonly mayApprove: boolean;
}

export function presentLocalNames(
  authorityName: string,
  names: readonly LocalName[],
  errors: readonly FieldError[] = [],
): LocalNamesView {
  const rows = names.map((name) => ({ name, row: toRow(name) }));
  return {
    authorityName,
    waiting: rows.filter(({ name }) => name.state === 'proposed').map(({ row }) => row),
    decided: rows.filter(({ name }) => name.state !== 'proposed').map(({ row }) => row),
    errors,
  };
}

function toRow(name: LocalName): LocalNameRow {
  const usable = isOpen(name) && name.approvedFor === 0 && name.mayApprove;
  return {
    id: name.id,
    words: name.words ?? 'erased',
    setting: `${name.settingName} (${name.settingUrn})`,
    evidence: name.evidence === 1 ? '1 notice' : `${name.evidence} notices`,
    proposed: moment(name.proposedAt),
    standing: standingOf(name),
    approveHref: name.state !== 'approved' && usable ? portalPaths.localName(name.id, 'approve') : null,
    rejectHref: name.state !== 'rejected' ? portalPaths.localName(name.id, 'reject') : null,
  };
}

function standingOf(name: LocalName): string {
  if (!isOpen(name)) return 'Never sent by itself: the setting has closed';
  if (name.state === 'approved')
    return name.automatic
      ? 'Sent by itself'
      : 'Never sent by itself: approved for more than one open setting';
  if (name.approvedFor > 0) return 'Cannot be approved: these words stand for another open setting';
  if (name.state === 'rejected') return 'Rejected: a person chooses each time';
  return name.mayApprove
    ? 'Waits for approval'
    : 'Waits for a second person: you placed these notices yourself';
}

const isOpen = ({ settingStatus }: LocalName): boolean =>
  settingStatus === 'open' || settingStatus === 'proposed-to-close';
