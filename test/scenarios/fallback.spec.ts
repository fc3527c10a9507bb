import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenAlerts } from '../../src/alerts/open-alerts.service.js';
import { systemActor } from '../../src/common/actor.js';
import { Database, type Tx } from '../../src/database/database.js';
import { DeliveryReports } from '../../src/delivery/delivery-reports.service.js';
import type { NotifyVerdict } from '../../src/delivery/domain/notify-outcome.js';
import { Fallback } from '../../src/delivery/fallback.service.js';
import { Auditor } from '../../src/watch/auditor.service.js';
import { Scene } from './support/scene.js';

const REGION = 'duty-region@example.org';
const OPERATOR = 'operator@firstbell.example';
const HOUR_MS = 3_600_000;
const BOUNCED = { kind: 'hard', status: '5.1.1', marksAddress: true } as const;
const DELIVERED = { kind: 'delivered', status: '2.0.0', marksAddress: false } as const;

let scene: Scene;
let noticeId: string;
beforeEach(async () => {
  scene = await Scene.open('2026-11-20 09:00', { environment: { FALLBACK_EMAIL: REGION } });
  noticeId = (await scene.postOne()).id;
});
afterEach(() => scene.close());

const inOneTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  scene.app.get(Database, { strict: false }).transaction(systemActor('test'), work);
/** What a step says each time it finds nobody at the desk. @returns how many mails about the fallback the operator got of it */
const tellFallback = async (): Promise<number> => {
  const fallback = scene.app.get(Fallback, { strict: false });
  await inOneTransaction((tx) => fallback.queue(tx, noticeId, '999', 'read'));
  return alertsMailed();
};
const alertsMailed = async (): Promise<number> => {
  await scene.app.drain();
  return scene.newMails().filter(({ to, subject }) => to === OPERATOR && subject.includes('fallback address'))
    .length;
};
const openAlert = async (): Promise<{ id: string } | undefined> => {
  const all = await inOneTransaction((tx) => scene.app.get(OpenAlerts, { strict: false }).list(tx));
  return all.find(({ kind }) => kind === 'fallback-undelivered');
};
const acknowledge = async (): Promise<boolean> => {
  const alerts = scene.app.get(OpenAlerts, { strict: false });
  return alerts.acknowledge(systemActor('command:alerts'), (await openAlert())?.id ?? '');
};
/** What somebody outside says of the last mail to the fallback address. */
const report = async (says: NotifyVerdict): Promise<number> => {
  const [last] = await scene.app.db.inspect<{ id: string }>(
    `SELECT mailing_id AS id FROM fallback_message ORDER BY created_at DESC, id DESC LIMIT 1`,
  );
  const reports = scene.app.get(DeliveryReports, { strict: false });
  expect(await reports.take({ mailingId: last?.id ?? '', source: 'bounce-listener', says })).toBe('applied');
  return alertsMailed();
};

describe('the alert that the fallback address does not work, once acknowledged', () => {
  beforeEach(async () => {
    scene.app.mail.behave({ kind: 'bounces', to: [REGION] });
    expect(await tellFallback()).toBe(1);
    expect(await acknowledge()).toBe(true);
    scene.app.mail.goodDay();
    scene.app.clock.advance(HOUR_MS);
  });

  it('ends a day after the last mail that came back, so that the next one months later is mailed', async () => {
    expect(await tellFallback()).toBe(0);
    scene.app.clock.advance(25 * HOUR_MS);
    await scene.app.get(Auditor, { strict: false }).run({ evenIfRecent: true, probeWithinMs: 1 });
    expect(await openAlert()).toBeUndefined();
    scene.app.clock.advance(30 * 24 * HOUR_MS);
    scene.app.mail.behave({ kind: 'bounces', to: [REGION] });
    expect(await tellFallback()).toBe(1);
  });

  it('stays one alert while mails are taken and come back later', async () => {
    for (let time = 0; time < 3; time += 1) {
      expect(await tellFallback()).toBe(0);
      scene.app.clock.advance(HOUR_MS);
      expect(await report(BOUNCED)).toBe(0);
    }
    expect(await openAlert()).toBeDefined();
  });

  it('ends at once when a mail is reported as delivered', async () => {
    await tellFallback();
    expect(await report(DELIVERED)).toBe(0);
    expect(await openAlert()).toBeUndefined();
    scene.app.clock.advance(HOUR_MS);
    await tellFallback();
    expect(await report(BOUNCED)).toBe(1);
  });
});
