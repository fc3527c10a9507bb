import { isOpen, type RegisterSetting, type SettingKind, type SettingStatus } from './setting.js';

/** A setting as it was before the import. */
export interface StoredSetting {
  urn: string;
  name: string;
  kind: SettingKind;
  status: SettingStatus;
  authorityCode: string;
  nation: string;
  trustCode: string | null;
}

export interface NamedSetting {
  urn: string;
  name: string;
}

/** More of the open settings than this, in per cent, are closed by one file only when a person allows it. */
export const MOST_CLOSURES_PERCENT = 5;

/** What a file of the register does to the settings that are stored. Counts every setting once. */
export class RegisterChanges {
  read = 0;
  added = 0;
  readonly opened: NamedSetting[] = [];
  readonly closed: NamedSetting[] = [];
  readonly renamed: { urn: string; from: string; to: string }[] = [];
  readonly movedAuthority: { urn: string; name: string; from: string; to: string }[] = [];
  /** Open here, "proposed to open" in the file: only Closed closes a setting. */
  readonly leftOpen: NamedSetting[] = [];
  /** URNs whose school days another authority, trust or nation now decides. */
  readonly otherCalendar: string[] = [];
  private openBefore = 0;

  /** @returns the status to store */
  note(row: RegisterSetting, stored: StoredSetting | undefined): SettingStatus {
    const { urn } = row;
    const name = ownText(row.name);
    this.read += 1;
    if (!stored) this.added += 1;
    const wasOpen = stored !== undefined && isOpen(stored.status);
    if (wasOpen) this.openBefore += 1;
    if (stored && stored.name !== name) this.renamed.push({ urn, from: stored.name, to: name });
    if (stored && stored.authorityCode !== row.authorityCode) {
      this.movedAuthority.push({ urn, name, from: stored.authorityCode, to: row.authorityCode });
    }
    if (stored && layersOf(stored) !== layersOf(row)) this.otherCalendar.push(urn);
    if (wasOpen && row.status === 'proposed-to-open') {
      this.leftOpen.push({ urn, name });
      return stored.status;
    }
    if (wasOpen && row.status === 'closed') this.closed.push({ urn, name });
    if (!wasOpen && isOpen(row.status)) this.opened.push({ urn, name });
    return row.status;
  }

  /** Whether a slip (a file of another year, a shifted column) is likelier than so many closures. */
  get tooManyClosures(): boolean {
    return this.closed.length * 100 > this.openBefore * MOST_CLOSURES_PERCENT;
  }

  /** Settings of the file that were open before. */
  get openInFile(): number {
    return this.openBefore;
  }
}

/** A text cut from a file keeps the whole piece of the file in memory; what is reported at the end must not. */
function ownText(text: string): string {
  return Buffer.from(text).toString();
}

function layersOf(setting: Pick<StoredSetting, 'authorityCode' | 'nation' | 'trustCode'>): string {
  return `${setting.authorityCode} ${setting.nation} ${setting.trustCode ?? ''}`;
}

/** One line of a setting's history. */
export interface SettingChange {
  urn: string;
  what: 'status' | 'name' | 'authority';
  was: string;
  became: string;
}

export function changesOf(before: StoredSetting, after: RegisterSetting): SettingChange[] {
  const pairs: [SettingChange['what'], string, string][] = [
    ['status', before.status, after.status],
    ['name', before.name, after.name],
    ['authority', before.authorityCode, after.authorityCode],
  ];
  return pairs
    .filter(([, was, became]) => was !== became)
    .map(([what, was, became]) => ({ urn: after.urn, what, was, became }));
}
