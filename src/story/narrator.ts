import type { Clock } from '../common/clock.js';
import { londonMinute } from './london.js';
import type { Sql } from './sql.js';

interface Happening {
  id: string;
  at: Date;
  action: string;
  notice_id: string | null;
  setting_urn: string | null;
  contact_id: string | null;
  detail: { rung?: string; contacts?: string[]; kind?: string };
}

const RUNG_WORDS: Readonly<Record<string, string>> = {
  first: 'First mail',
  reminder: 'Reminder',
  deputies: 'All deputies told',
  head: 'Head told',
  desk: 'Duty desk told',
  missed: 'Duty desk told of the missed bell',
};

const STEP_WORDS: readonly [RegExp, string][] = [
  [/^place-officers$/, 'Triage desk told'],
  [/^place-(second|again)/, 'Triage desk told again'],
  [/^place-/, 'Duty desk told: not placed yet'],
  [/^act-dsl-reminder/, 'Reminder to record the support decision'],
  [/^act-head/, 'No support decision: head told'],
  [/^act-/, 'No support decision: authority told'],
  [/^in-school-ask/, '"Are you in school today?" asked'],
  [/^in-school-/, 'Not answered: others told'],
  [/^desk-(repeat|again)/, 'Duty desk told again'],
];

/** What happened by itself, in words, as the record tells it; and what people did, as the story says it. */
export class Narrator {
  private last = '0';
  private readonly places = new Map<string, string>();
  private readonly people = new Map<string, string>();

  constructor(
    private readonly clock: Clock,
    private readonly sql: Sql,
    private readonly print: (line: string) => void,
  ) {}

  say(what: string): void {
    this.tell(this.clock.now(), what);
  }

  /** Learns who is who, and skips what was recorded before the story. */
  async prepare(): Promise<void> {
    for (const { urn, name } of await this.sql.rows<{ urn: string; name: string }>(
      `SELECT urn, name FROM setting`,
    )) {
      this.places.set(urn, name);
    }
    const contacts = await this.sql.rows<{ id: string; name: string; role: string }>(
      `SELECT id, name, role FROM contact`,
    );
    for (const { id, name, role } of contacts)
      this.people.set(id, `${name} (${role === 'dsl' ? 'DSL' : role})`);
    await this.readNew();
  }

  place(urn: string): string {
    return this.places.get(urn) ?? urn;
  }

  /** Tells what the machine did since the last time. */
  async observe(): Promise<void> {
    for (const event of await this.readNew()) {
      const line = this.lineFor(event);
      if (line) this.tell(event.at, `  ${line}`);
    }
  }

  private tell(at: Date, what: string): void {
    this.print(`${londonMinute(at)}  ${what}`);
  }

  private async readNew(): Promise<Happening[]> {
    const rows = await this.sql.rows<Happening>(
      `SELECT id::text, at, action, notice_id, setting_urn, contact_id, detail FROM audit_event
       WHERE id > $1 ORDER BY id`,
      [this.last],
    );
    this.last = rows.at(-1)?.id ?? this.last;
    return rows;
  }

  private lineFor(event: Happening): string | null {
    const { detail } = event;
    const toDesk = /desk|missed|authority|repeat/.test(detail.rung ?? '');
    const where = event.setting_urn ? ` ${toDesk ? 'about' : 'at'} ${this.place(event.setting_urn)}` : '';
    switch (event.action) {
      case 'rung.fired':
        return `${RUNG_WORDS[detail.rung ?? ''] ?? detail.rung}: ${this.whom(detail.contacts)}${where}`;
      case 'desk.reminded':
      case 'action.reminded':
        return `${stepWords(detail.rung ?? '')}: ${this.whom(detail.contacts)}${where}`;
      case 'notice.missed-bell':
        return `MISSED BELL${where}: nobody there has acknowledged`;
      case 'notice.to-desk':
        return 'Not certain which school: the triage desk owns it';
      case 'notice.contact-excluded':
        return 'A contact has the name of an adult of the incident: left out everywhere';
      case 'notice.superseded':
        return `The older version${where} is superseded`;
      case 'alert.raised':
        return `Alert to the operator: ${detail.kind}`;
      default:
        return null;
    }
  }

  private whom(contacts: readonly string[] = []): string {
    const names = contacts.map((id) => this.people.get(id) ?? 'somebody');
    if (names.length === 0) return 'nobody to tell';
    return names.length <= 3 ? names.join(', ') : `${names.length} people`;
  }
}

function stepWords(rung: string): string {
  return STEP_WORDS.find(([pattern]) => pattern.test(rung))?.[1] ?? rung;
}
