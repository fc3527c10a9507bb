import { newId } from '../../src/common/ids.js';
import { startApp, type TestApp } from '../support/app.js';
import { london } from '../support/clock.js';
import { Factory } from '../support/factories.js';
import type { ChildJson, NotificationJson } from '../support/notification-json.js';
import { PoliceSystem } from '../support/police.js';
import { Visitor } from '../support/visitor.js';
import { seedWorld, type World } from '../support/world.js';

export interface StoredNotice {
  id: string;
  reference: string;
  state: string;
}

/** Words that only the police's account has: whoever may not read it must never meet them. */
export const NARRATIVE = 'A plate was thrown against the kitchen wall.';

/** People whom the small world lacks: a second authority, people of the forces, an administrator, one with two posts. */
export const PEOPLE = {
  stranger: 'officer@eastmarch.example',
  force: 'inspector@northshire-police.example',
  otherForce: 'inspector@eastmarch-police.example',
  administrator: 'administrator@firstbell.example',
  twoPosts: 'both@northshire.example',
} as const;

/** What schools and desks keep besides notices. */
const KEPT_BY_PEOPLE = [
  'contact',
  'contact_code',
  'absence',
  'calendar_entry',
  'setting',
  'policy_version',
  'name_alias',
  'notice_claim',
  'placement',
  'hand_over',
  'follow_up',
  'import_run',
];

/** The application, a small area with everybody in it, and a clock that only the test moves. */
export class PortalScene {
  private readonly factory = new Factory(23);

  private constructor(
    readonly app: TestApp,
    readonly world: World,
    readonly police: PoliceSystem,
  ) {}

  static async open(at = '2026-11-22 21:40'): Promise<PortalScene> {
    const app = await startApp({ jobs: { autoStart: false }, at: london(at) });
    const world = await seedWorld(app.db, app.clock.now());
    await addPeople(app, world);
    return new PortalScene(app, world, await PoliceSystem.register(app));
  }

  async close(): Promise<void> {
    this.app.mail.expectAll();
    await this.app.close();
  }

  child(overrides: Partial<ChildJson> = {}): ChildJson {
    return this.factory.child({ settings: [{ urn: this.world.riverside.urn }], ...overrides });
  }

  notification(overrides: Partial<NotificationJson> = {}): NotificationJson {
    const at = this.app.clock.now();
    const incident = this.factory.incident(at, { circumstances: NARRATIVE });
    return this.factory.notification(at, { incident, children: [this.child()], ...overrides });
  }

  /** Posts it and lets everything that is due happen. @returns its newest notices, in order of their children */
  async post(overrides: Partial<NotificationJson> = {}): Promise<StoredNotice[]> {
    const answer = await this.police.post(this.notification(overrides));
    if (answer.status !== 202) throw new Error(`Answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    await this.app.drain();
    return this.app.db.inspect<StoredNotice>(
      `SELECT id, reference, state FROM notice WHERE notification_id = $1 AND version = $2 ORDER BY child_reference, id`,
      [answer.body.id, answer.body.version],
    );
  }

  /** About one child of Riverside unless said otherwise. */
  async postOne(child: Partial<ChildJson> = {}, more: Partial<NotificationJson> = {}): Promise<StoredNotice> {
    const [notice] = await this.post({ children: [this.child(child)], ...more });
    if (!notice) throw new Error('no notice came of it');
    return notice;
  }

  async signIn(email: string): Promise<Visitor> {
    const visitor = new Visitor(this.app);
    await visitor.visit('/sign-in');
    await visitor.submit({ email });
    await this.app.drain();
    const mail = await this.app.mail.waitFor({ to: email, text: /\b\d{6}\b/ });
    await visitor.submit({ code: /\b(\d{6})\b/.exec(mail.text)?.[1] ?? '' });
    return visitor;
  }

  /** Parts of addresses -> what Riverside or its authority keeps there, for those who have no business with it. */
  async thingsOfRiverside(): Promise<Record<string, string>> {
    const { riverside, desks } = this.world;
    const at = this.app.clock.now();
    const [absenceId, entryId, aliasId] = [newId(), newId(), newId()];
    await this.app.db.inspect(
      `INSERT INTO absence (id, contact_id, from_date, to_date, created_at) VALUES ($1, $2, '2026-12-01', '2026-12-02', $3)`,
      [absenceId, riverside.deputy.id, at],
    );
    await this.app.db.inspect(
      `INSERT INTO calendar_entry (id, layer, key, from_date, to_date, open, kind, title, imported_at)
       VALUES ($1, 'setting', $2, '2026-12-04', '2026-12-04', false, 'inset', 'Training', $3)`,
      [entryId, riverside.urn, at],
    );
    await this.app.db.inspect(
      `INSERT INTO name_alias (id, authority_code, setting_urn, digest, key_version, sealed, state, proposed_at)
       VALUES ($1, '999', $2, '\\x00', 1, '\\x00', 'proposed', $3)`,
      [aliasId, riverside.urn, at],
    );
    return {
      ':contactId': riverside.deputy.id,
      ':placeId': desks.triage.id,
      ':absenceId': absenceId,
      ':entryId': entryId,
      ':layer': 'setting',
      ':key': riverside.urn,
      ':channel': 'email',
      ':id': aliasId,
    };
  }

  /** Every row that a person's click could change, to compare before and after. */
  async everything(): Promise<string> {
    const rows = await this.app.db.inspect(
      `SELECT (SELECT json_agg(n ORDER BY n.id) FROM notice n) AS notices,
         (SELECT json_agg(r ORDER BY r.notice_id, r.generation, r.rung) FROM rung r) AS rungs,
         (SELECT json_agg(m ORDER BY m.id) FROM outgoing_message m) AS messages,
         (SELECT json_agg(a ORDER BY a.id) FROM notice_action a) AS actions,
         (SELECT json_agg(e ORDER BY e.notice_id, e.contact_id) FROM notice_exclusion e) AS exclusions,
         (SELECT count(*) FROM outbox WHERE name <> 'identity.send-sign-in-code') AS jobs,
         ${KEPT_BY_PEOPLE.map((table) => `(SELECT json_agg(t::text ORDER BY t::text) FROM ${table} t) AS ${table}`).join(', ')}`,
    );
    return JSON.stringify(rows);
  }
}

async function addPeople(app: TestApp, world: World): Promise<void> {
  const at = app.clock.now();
  const person = async (email: string, more: { force?: string; administrator?: boolean } = {}) => {
    const id = newId();
    await app.db.inspect(
      `INSERT INTO person (id, name, email, force_code, administrator, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, `Somebody ${email.split('@')[0]}`, email, more.force ?? null, more.administrator ?? false, at],
    );
    return id;
  };
  const officer = async (deskId: string, email: string, personId: string) =>
    app.db.inspect(
      `INSERT INTO contact (id, person_id, desk_id, role, name, email, email_verified_at, created_at)
       VALUES ($1, $2, $3, 'officer', $4, $5, $6, $6)`,
      [newId(), personId, deskId, `Officer ${email}`, email, at],
    );
  await app.db.inspect(`INSERT INTO authority (code, name, created_at) VALUES ('998', 'Eastmarch', $1)`, [
    at,
  ]);
  const desk = newId();
  await app.db.inspect(
    `INSERT INTO desk (id, authority_code, kind, name) VALUES ($1, '998', 'triage', 'Eastmarch: triage')`,
    [desk],
  );
  await officer(desk, PEOPLE.stranger, await person(PEOPLE.stranger));
  const both = await person(PEOPLE.twoPosts);
  await officer(world.desks.duty.id, PEOPLE.twoPosts, both);
  await officer(world.desks.triage.id, PEOPLE.twoPosts, both);
  await person(PEOPLE.force, { force: 'DEMO' });
  await person(PEOPLE.otherForce, { force: 'OTHER' });
  await person(PEOPLE.administrator, { administrator: true });
}
