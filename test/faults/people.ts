import { setTimeout as sleep } from 'node:timers/promises';
import { Seeded } from '../support/random.js';
import type { AreaContact } from './area.js';
import { domainAt } from './program/domain-time.mjs';
import { Visits, type Deed } from './visits.js';
import { ask, type Stage } from './world.js';

interface Seen {
  id: string;
  force_reference: string;
  state: string;
  setting_urn: string | null;
  authority_code: string | null;
  generation: number;
  rungs: { rung: string; at: string }[] | null;
  steps: string[] | null;
}

const LOOK_EVERY_MS = 700;
/** A transaction that commits late must not be overlooked. */
const LOOK_BACK_MS = 30_000;
/** In the middle of a rung's firing, before or after its commit. */
const AT_RUNG_JITTER_MS = 250;

const NEW_NOTICES = `
  SELECT n.id, k.force_reference, n.state, n.setting_urn, n.authority_code, n.generation,
    (SELECT json_agg(json_build_object('rung', r.rung, 'at', r.at)) FROM rung r
      WHERE r.notice_id = n.id AND r.generation = n.generation AND r.rung <> 'first') AS rungs,
    (SELECT json_agg(o.due_at) FROM outbox o WHERE o.notice_id = n.id AND o.name = 'placing.fire') AS steps
  FROM notice n JOIN notification k ON k.id = n.notification_id
  WHERE n.state IN ('routed', 'delivered', 'triage') AND n.routed_at > $1`;

/** Readers and officers. What each does with a notice follows from the seed and the notice's reference alone. */
export class People {
  private readonly seen = new Set<string>();
  private readonly going = new Set<Promise<unknown>>();
  private readonly visits: Visits;

  constructor(
    private readonly stage: Stage,
    private readonly seed: number,
  ) {
    this.visits = new Visits(stage.webs);
  }

  get deeds(): readonly Deed[] {
    return this.visits.deeds;
  }

  /** Looks at new notices until told to stop, and then finishes what was begun. */
  async run(stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      const lately = new Date(domainAt(this.stage.timeline.pieces, Date.now() - LOOK_BACK_MS));
      const recent = await ask<Seen>(this.stage.superuserUrl, NEW_NOTICES, [lately]);
      for (const notice of recent.filter(({ id }) => !this.seen.has(id))) {
        this.seen.add(notice.id);
        this.begin(this.treat(notice, stopped));
      }
      await sleep(LOOK_EVERY_MS);
    }
    await Promise.all(this.going);
  }

  private begin(work: Promise<unknown>): void {
    const settled = work.catch(() => undefined).finally(() => this.going.delete(settled));
    this.going.add(settled);
  }

  private async treat(notice: Seen, stopped: () => boolean): Promise<void> {
    const random = new Seeded(
      hashOf(`${this.seed} ${notice.force_reference} ${notice.setting_urn ?? 'desk'}`),
    );
    if (notice.state === 'triage') return this.atDesk(notice, random, stopped);
    const setting = this.stage.area.settings.find(({ urn }) => urn === notice.setting_urn);
    if (!setting) return;
    const reader = setting.deputy && random.next() < 0.3 ? setting.deputy : setting.dsl;
    const fate = random.next();
    if (fate < 0.6) {
      await sleep(200 + random.next() * 3_000);
      await this.acknowledge(reader, notice.id, random);
    } else if (fate < 0.84) {
      if (await this.atARung(notice, random, stopped)) await this.acknowledge(reader, notice.id, random);
    } else if (fate < 0.87) {
      if (!(await this.atARung(notice, random, stopped))) return;
      const all = [setting.dsl, setting.deputy ?? setting.dsl];
      await Promise.all(Array.from({ length: 8 }, (_, i) => this.visits.acknowledge(all[i % 2], notice.id)));
    } else if (fate < 0.91) {
      if (await this.atARung(notice, random, stopped)) await this.visits.redirect(reader, notice.id);
    }
  }

  private async acknowledge(reader: AreaContact, noticeId: string, random: Seeded): Promise<void> {
    const status = await this.visits.acknowledge(reader, noticeId);
    if (status !== 200 || random.next() > 0.4) return;
    await sleep(random.next() * 8_000);
    await this.visits.act(reader, noticeId);
  }

  private async atDesk(notice: Seen, random: Seeded, stopped: () => boolean): Promise<void> {
    const officer = this.stage.area.officers[notice.authority_code ?? ''];
    const { urn } = random.pick(this.stage.area.settings);
    if (!officer || random.next() < 0.3) return;
    const instants = (notice.steps ?? []).map((at) => this.stage.timeline.real(new Date(at)));
    await this.untilOne(instants, random, stopped);
    // Placed, it is a school's notice, and somebody there reads it.
    if ((await this.visits.place(officer, notice.id, urn)) === 303) this.seen.delete(notice.id);
  }

  /** Waits for the instant of one of the rungs to come. @returns false when the run ends first */
  private atARung(notice: Seen, random: Seeded, stopped: () => boolean): Promise<boolean> {
    const instants = (notice.rungs ?? []).map(({ at }) => this.stage.timeline.real(new Date(at)));
    return this.untilOne(instants, random, stopped);
  }

  private async untilOne(
    instants: readonly number[],
    random: Seeded,
    stopped: () => boolean,
  ): Promise<boolean> {
    const ahead = instants.filter((at) => at > Date.now() + AT_RUNG_JITTER_MS);
    const wanted = ahead.length > 0 ? random.pick(ahead) : Date.now() + 500;
    const at = wanted + (random.next() - 0.5) * 2 * AT_RUNG_JITTER_MS;
    while (Date.now() < at) {
      if (stopped()) return false;
      await sleep(Math.min(500, Math.max(1, at - Date.now())));
    }
    return true;
  }
}

/** FNV-1a: any text to a seed. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
