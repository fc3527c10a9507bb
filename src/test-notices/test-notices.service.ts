import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { Outbox } from '../jobs/outbox.js';
import { NoticeReactions } from '../notices/notice-reactions.js';
import { Notices } from '../notices/notices.service.js';
import { canonicalJson } from '../sealing/canonical-json.js';
import { Sealer } from '../sealing/sealer.js';
import { TEST_FORCE, testContent } from './domain/test-content.js';
import { testEndsAt } from './domain/test-end.js';
import { TestNoticeRows, type SettingToTest, type TestReport } from './test-notices.repository.js';

export type { NotTold } from './domain/not-told.js';
export type { FailedAddress, TestReport } from './test-notices.repository.js';

const FIRST_LOOK_MINUTES = 30;
const MINUTE_MS = 60_000;

export class CannotTest extends DomainError {
  constructor(code: string, message: string) {
    super(code, message, 409);
  }
}

export interface SentTest {
  urn: string;
  settingName: string;
  reference: string;
}

/** Test notices: sent the way of a real one, marked as tests everywhere, ended by themselves, counted nowhere. */
@Injectable()
export class TestNotices {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly sealer: Sealer,
    private readonly rows: TestNoticeRows,
    private readonly notices: Notices,
    private readonly reactions: NoticeReactions,
  ) {}

  /** @throws CannotTest when the setting is not open, or a test of it is still running */
  async send(actor: Actor, urn: string): Promise<SentTest> {
    return this.database.transaction(actor, async (tx) => {
      const setting = await this.rows.setting(tx, urn);
      if (!setting)
        throw new CannotTest('no-such-setting', `There is no open setting ${urn} that takes notices.`);
      return this.sendTo(tx, setting, false);
    });
  }

  /** Every open setting of the authority that has a contact and no test running. */
  async sendToAll(actor: Actor, authorityCode: string): Promise<SentTest[]> {
    return this.database.transaction(actor, async (tx) => {
      const sent: SentTest[] = [];
      for (const setting of await this.rows.settingsOf(tx, authorityCode)) {
        if (!(await this.rows.isRunning(tx, setting.urn))) sent.push(await this.sendTo(tx, setting, false));
      }
      return sent;
    });
  }

  async settingsOf(actor: Actor, authorityCode: string): Promise<string[]> {
    const settings = await this.database.transaction(actor, (tx) => this.rows.settingsOf(tx, authorityCode));
    return settings.map(({ urn }) => urn);
  }

  /** In the transaction of whoever decided it; the actor's right to do so was looked at before. */
  async sendTo(tx: Tx, setting: SettingToTest, scheduled: boolean): Promise<SentTest> {
    if (await this.rows.isRunning(tx, setting.urn)) {
      throw new CannotTest(
        'test-running',
        'A test notice of this setting is still running. Wait until it has ended.',
      );
    }
    const now = this.clock.now();
    const forceReference = `TEST-${setting.urn}-${now.getTime().toString(36)}`.toUpperCase();
    const text = canonicalJson(withoutVersion(testContent({ urn: setting.urn, forceReference, now })));
    const notificationId = newId();
    const versionId = newId();
    const { wrappedKey, masterKeyVersion, ...dataKey } = this.sealer.newDataKey(notificationId);
    const ciphertext = this.sealer.sealWith(dataKey, versionId, text);
    return tx.asSystem(async () => {
      const { noticeId, reference } = await this.rows.keep(tx, {
        urn: setting.urn,
        authorityCode: setting.authorityCode,
        forceReference,
        sealed: { notificationId, versionId, ciphertext, wrappedKey, masterKeyVersion },
        digest: this.sealer.contentDigest(text),
        now,
        scheduled,
      });
      await this.outbox.add(tx, 'notice.route', { noticeId }, { noticeId });
      await this.armEnd(tx, notificationId, FIRST_LOOK_MINUTES);
      await this.audit.record(tx, {
        action: 'test-notice.sent',
        noticeId,
        notificationId,
        settingUrn: setting.urn,
        authorityCode: setting.authorityCode,
        forceCode: TEST_FORCE,
        detail: { scheduled },
      });
      return { urn: setting.urn, settingName: setting.name, reference };
    });
  }

  /** Its time is over, or it was answered: no desk is told again and again of a test, and nothing else is asked for. */
  async end(tx: Tx, notificationId: string): Promise<void> {
    const now = this.clock.now();
    const open = await this.rows.openNotices(tx, notificationId);
    const last = Math.max(0, ...open.map((notice) => testEndsAt(notice)?.getTime() ?? 0));
    const minutesLeft = (last - now.getTime()) / MINUTE_MS;
    if (minutesLeft > 0) return this.armEnd(tx, notificationId, Math.max(1, minutesLeft));
    for (const { id } of open) {
      const notice = await this.notices.lock(tx, id);
      if (notice.state === 'closed' || notice.state === 'retracted') continue;
      const ended = await this.notices.transition(tx, notice, 'retract', { nextDueAt: null });
      await this.reactions.run('withdrawn', tx, ended);
    }
    await this.rows.ended(tx, notificationId, now);
  }

  async reports(actor: Actor, where: { urn: string } | { authorityCode: string }): Promise<TestReport[]> {
    return this.database.transaction(actor, async (tx) => {
      const reports = await this.rows.reports(tx, where, this.clock.now());
      await this.audit.record(tx, {
        action: 'test-notice.report-read',
        settingUrn: 'urn' in where ? where.urn : null,
        authorityCode: 'authorityCode' in where ? where.authorityCode : null,
        detail: { reports: reports.length },
      });
      return reports;
    });
  }

  private armEnd(tx: Tx, notificationId: string, minutes: number): Promise<void> {
    const dueAt = new Date(this.clock.now().getTime() + minutes * MINUTE_MS);
    return this.outbox.add(tx, 'test-notice.end', { notificationId }, { dueAt });
  }
}

function withoutVersion(content: object): object {
  return Object.fromEntries(Object.entries(content).filter(([name]) => name !== 'version'));
}
