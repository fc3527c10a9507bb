import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { londonDateOf } from '../calendar/domain/london-time.js';
import { systemActor, type Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { Database, type Tx } from '../database/database.js';
import { ReadRoll, type ImportSource, type LineProblem } from '../directory/read-roll.service.js';
import { Outbox } from '../jobs/outbox.js';
import { RollRows } from './roll.repository.js';
import { RollRun } from './roll-run.js';
import { SealPupil } from './seal-pupil.js';

export interface RollOptions {
  actor?: Actor;
  /** The setting of lines that name none; its roll is in the file even when no line is. URN. */
  setting?: string;
  /** Children whom the file does not have stay where they are: the file is not a whole roll. */
  additive?: boolean;
  /** Accept that more than half of a setting's children are not in the file any more. */
  allowLeavers?: boolean;
  progress?: (lines: number) => void;
}

export interface RollReport {
  read: number;
  added: number;
  changed: number;
  unchanged: number;
  left: number;
  settings: number;
  /** URNs: a line of theirs could not be read, so nobody was taken to have left. */
  leaversNotMarked: string[];
  problems: LineProblem[];
}

/** The file has lost more of a setting's children than leave in a summer; nothing was changed. */
export class TooManyLeavers extends DomainError {
  constructor(readonly settings: { urn: string; leaving: number; of: number }[]) {
    super(
      'too-many-leavers',
      `In the file more than half of the children of ${settings.length} setting(s) are missing. Nothing was changed. ` +
        'Look whether the file is whole; if they have left, repeat with --allow-leavers; if the file only adds, with --add.',
      409,
    );
  }
}

/** Of fewer children, any share may leave: a small school's year is soon half of it. */
const FEW = 20;

/** Brings rolls up to date with a file: all or nothing. Who is not in a later file has left: end-dated, never deleted at once. */
@Injectable()
export class ImportRoll {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly reader: ReadRoll,
    private readonly rows: RollRows,
    private readonly seal: SealPupil,
    private readonly outbox: Outbox,
  ) {}

  /** @throws FileRefused, TooManyLeavers, DomainError for an unknown `setting` */
  async run(source: ImportSource, options: RollOptions = {}): Promise<RollReport> {
    return this.database.transaction(options.actor ?? systemActor('import'), async (tx) => {
      await this.rows.lock(tx);
      const covered = await this.coveredByOption(tx, options.setting);
      const run = new RollRun(
        tx,
        { rows: this.rows, reader: this.reader, seal: this.seal },
        this.clock.now(),
        options,
      );
      await run.take(this.reader.lines(source));
      const urns = [...new Set([...covered, ...run.urns])];
      const left = options.additive
        ? 0
        : await this.endDateMissing(tx, urns, run, options.allowLeavers === true);
      const { read, added, changed, unchanged, problems } = run;
      const leaversNotMarked = options.additive ? [] : run.notWhole(urns);
      const report = {
        read,
        added,
        changed,
        unchanged,
        left,
        settings: urns.length,
        leaversNotMarked,
        problems,
      };
      await this.audit.record(tx, {
        action: 'directory.imported',
        detail: { what: 'roll', read, added, changed, left, settings: urns, problems: problems.length },
      });
      await this.replanUnread(tx, urns);
      return report;
    });
  }

  /** A ladder follows the days on which its child comes: those of this roll, from now on. */
  private async replanUnread(tx: Tx, urns: readonly string[]): Promise<void> {
    const unread = await this.rows.unreadNotices(tx, urns);
    await this.outbox.addMany(
      tx,
      unread.map((noticeId) => ({
        name: 'ladder.replan-notice' as const,
        payload: { noticeId, cause: 'roll' as const },
        noticeId,
      })),
    );
  }

  private async coveredByOption(tx: Tx, setting: string | undefined): Promise<string[]> {
    if (setting === undefined) return [];
    const urn = (await this.reader.settings(tx, [setting])).get(setting);
    if (!urn) throw new DomainError('unknown-setting', `There is no setting ${setting} in the register.`);
    return [urn];
  }

  private async endDateMissing(tx: Tx, urns: string[], run: RollRun, allowed: boolean): Promise<number> {
    const today = londonDateOf(this.clock.now());
    const whole = urns.filter((urn) => run.isWhole(urn));
    const settings = await this.rows.missing(tx, whole, [...run.seen], today.toString());
    const many = settings
      .filter(({ current, missing }) => current >= FEW && missing.length * 2 > current)
      .map(({ urn, current, missing }) => ({ urn, leaving: missing.length, of: current }));
    if (many.length > 0 && !allowed) throw new TooManyLeavers(many);
    const gone = settings.flatMap(({ missing }) => missing);
    const yesterday = londonDateOf(new Date(this.clock.now().getTime() - 24 * 3_600_000)).toString();
    await this.rows.endDate(tx, gone, yesterday, this.clock.now());
    await this.rows.cover(tx, whole, this.clock.now());
    return gone.length;
  }
}
