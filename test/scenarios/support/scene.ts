import { AcknowledgeNotice } from '../../../src/notices/acknowledge-notice.service.js';
import { settingActor } from '../../../src/common/actor.js';
import { startApp, type TestApp, type TestAppOptions } from '../../support/app.js';
import { inLondon, london } from '../../support/clock.js';
import { Factory } from '../../support/factories.js';
import type { RecordedMail } from '../../support/mail.js';
import type { ChildJson, NotificationJson } from '../../support/notification-json.js';
import { PoliceSystem } from '../../support/police.js';
import { Visitor } from '../../support/visitor.js';
import { seedWorld, type World, type WorldContact, type WorldSetting } from '../../support/world.js';

/** A row of `notice` with what scenarios ask of it. */
export interface StoredNotice {
  id: string;
  reference: string;
  state: string;
  version: number;
  generation: number;
  setting_urn: string | null;
  desk_id: string | null;
  received_at: Date;
  received_late: boolean | null;
  acknowledge_by: Date | null;
  first_acknowledge_by: Date | null;
  acknowledged_at: Date | null;
  acknowledged_via: string | null;
  acknowledged_by: string | null;
  missed_at: Date | null;
  place_by: Date | null;
  action_by: Date | null;
  next_due_at: Date | null;
  crossed: number;
  superseded_by: string | null;
  from_notice_id: string | null;
}

const OPEN = 'done_at IS NULL AND failed_at IS NULL';

/**
 * One story of one test: the whole application, a small authority, a police system, and a clock that only the test moves.
 * Mails are told as `2026-11-23 07:45 dsl@riverside.example`, in the domain's time; whatever a test does not name fails it.
 */
export class Scene {
  private seen = 0;
  private readonly factory = new Factory(7);

  private constructor(
    readonly app: TestApp,
    readonly world: World,
    readonly police: PoliceSystem,
  ) {}

  /** @param at London time of the start */
  static async open(at: string, options: Omit<TestAppOptions, 'at'> = {}): Promise<Scene> {
    const app = await startApp({ jobs: { autoStart: false }, ...options, at: london(at) });
    const world = await seedWorld(app.db, app.clock.now());
    return new Scene(app, world, await PoliceSystem.register(app));
  }

  close(): Promise<void> {
    return this.app.close();
  }

  child(setting: WorldSetting, overrides: Partial<ChildJson> = {}): ChildJson {
    return this.factory.child({ settings: [{ urn: setting.urn }], ...overrides });
  }

  notification(overrides: Partial<NotificationJson> = {}): NotificationJson {
    const children = overrides.children ?? [this.child(this.world.riverside)];
    return this.factory.notification(this.app.clock.now(), { ...overrides, children });
  }

  /** Posts over HTTP and lets everything that is due happen. @returns the notices, in order of their children */
  async post(overrides: Partial<NotificationJson> = {}): Promise<StoredNotice[]> {
    const answer = await this.police.post(this.notification(overrides));
    if (answer.status !== 202) throw new Error(`Answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    await this.app.drain();
    return this.noticesOf(answer.body.id);
  }

  /** One notice about one child of Riverside, unless told otherwise. */
  async postOne(overrides: Partial<NotificationJson> = {}): Promise<StoredNotice> {
    const [notice] = await this.post(overrides);
    if (!notice) throw new Error('No notice came of it');
    return notice;
  }

  noticesOf(notificationId: string): Promise<StoredNotice[]> {
    return this.app.db.inspect<StoredNotice>(
      `SELECT * FROM notice WHERE notification_id = $1 ORDER BY version, child_reference, routed_at, id`,
      [notificationId],
    );
  }

  async notice(id: string): Promise<StoredNotice> {
    const [row] = await this.app.db.inspect<StoredNotice>(`SELECT * FROM notice WHERE id = $1`, [id]);
    if (!row) throw new Error(`No notice ${id}`);
    return row;
  }

  /** Lets time go by, one due instant after the other, up to `end` (London). @returns the mails of that time, in order */
  async until(end: string): Promise<string[]> {
    const told = await this.happened();
    for (;;) {
      const [next] = await this.app.db.inspect<{ at: Date | null }>(
        `SELECT min(due_at) AS at FROM outbox WHERE ${OPEN} AND due_at > $1 AND due_at <= $2`,
        [this.app.clock.now(), london(end)],
      );
      if (!next?.at) break;
      this.app.clock.set(next.at);
      told.push(...(await this.happened()));
    }
    this.app.clock.set(london(end));
    told.push(...(await this.happened()));
    return told;
  }

  /** Lets everything that is due now happen. @returns the mails since the last look */
  async happened(): Promise<string[]> {
    await this.app.drain();
    const at = inLondon(this.app.clock.now());
    return this.newMails()
      .map((mail) => `${at} ${mail.to}`)
      .sort();
  }

  /** Mails that arrived since the last look; from now on they count as expected by the test that asked. */
  newMails(): RecordedMail[] {
    const mails = this.app.mail.all.slice(this.seen);
    this.seen = this.app.mail.all.length;
    for (const mail of mails) this.app.mail.expect({ to: mail.to, subject: mail.subject, text: mail.text });
    return mails;
  }

  /** "I have read this and will look after it", by the use case behind the button. */
  async acknowledge(contact: WorldContact, noticeId: string): Promise<boolean> {
    const { setting_urn: urn } = await this.notice(noticeId);
    const service = this.app.get(AcknowledgeNotice, { strict: false });
    const { first } = await service.fromPortal(settingActor(contact.id, urn ?? ''), contact.id, noticeId);
    return first;
  }

  /** Signs in on the pages, by the mailed code. */
  async signIn(contact: WorldContact): Promise<Visitor> {
    const visitor = new Visitor(this.app);
    await visitor.visit('/sign-in');
    await visitor.submit({ email: contact.email });
    await this.app.drain();
    const [mail] = this.newMails().filter(
      ({ to, subject }) => to === contact.email && /sign-in/.test(subject),
    );
    const code = /\b(\d{6})\b/.exec(mail?.text ?? '')?.[1];
    if (!code) throw new Error(`No code came for ${contact.email}`);
    const page = await visitor.submit({ code });
    if (page.status !== 200) throw new Error(`${contact.email} was not let in: ${page.status} ${page.text}`);
    return visitor;
  }

  async rungs(noticeId: string): Promise<string[]> {
    const rows = await this.app.db.inspect<{ rung: string; at: Date; state: string }>(
      `SELECT rung, at, state FROM rung WHERE notice_id = $1
       AND generation = (SELECT max(generation) FROM rung WHERE notice_id = $1) ORDER BY at`,
      [noticeId],
    );
    return rows.map((row) => `${inLondon(row.at)} ${row.rung} ${row.state}`);
  }

  async actions(noticeId: string): Promise<string[]> {
    const rows = await this.app.db.inspect<{ action: string }>(
      `SELECT action FROM audit_event WHERE notice_id = $1 ORDER BY id`,
      [noticeId],
    );
    return rows.map((row) => row.action);
  }

  /** Changes how somebody works, as the setting would by its own import. */
  async contact(contact: WorldContact, columns: Record<string, unknown>): Promise<void> {
    const names = Object.keys(columns);
    const set = names.map((name, index) => `${name} = $${index + 2}`).join(', ');
    await this.app.db.inspect(`UPDATE contact SET ${set} WHERE id = $1`, [
      contact.id,
      ...Object.values(columns),
    ]);
  }
}

/** `times('2026-11-23', ['07:45 a@x', ...])`: lines of one day, read easily. */
export const on = (day: string, lines: readonly string[]): string[] => lines.map((line) => `${day} ${line}`);
