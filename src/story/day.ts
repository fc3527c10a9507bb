import type { Act } from './clockwork.js';
import { london } from './london.js';
import { postNow } from './night.js';
import type { PostedNotification } from './police.js';
import type { Decision, SchoolStaff } from './school-staff.js';
import { URNS, type Story } from './story.js';

const on = (at: string, what: string, run: () => Promise<void>): Act => ({
  at: london(`2026-11-${at}`),
  what,
  run,
});

/** Words that people type in: they may stand in sealed rows and on pages, and nowhere else. */
export const TYPED = [
  'She drew the broken door again and again.',
  'Breakfast club every day, a quiet word with her each morning.',
] as const;

const DECISION: Decision = {
  inSchool: 'yes',
  told: 'social-worker',
  seenHeardSaid: TYPED[0],
  decision: TYPED[1],
};

/** Monday after the bell, and Tuesday morning: what was decided, what was left open, who asks what became of it. */
export function day(story: Story): Act[] {
  return [...decisions(story), ...correction(story), ...afterwards(story)];
}

function decisions(story: Story): Act[] {
  const decide = (time: string, who: () => SchoolStaff, name: string, place: string): Act =>
    on(`23 ${time}`, `the support decision of ${place}`, async () => {
      await who().decide(story.noticeId(name), DECISION);
      story.say(who(), place, 'recorded the support decision');
    });
  return [
    decide('09:20', () => story.at(URNS.riverside, 'dsl'), 'riverside', 'Riverside'),
    decide('09:40', () => story.at(URNS.hollowLane, 'deputy'), 'hollow-lane', 'Hollow Lane'),
    decide('09:55', () => story.at(URNS.harbourmouth, 'deputy'), 'harbourmouth', 'Harbourmouth'),
    decide('10:05', () => story.at(URNS.oakfield, 'dsl'), 'oakfield', 'Oakfield'),
    decide('10:15', () => story.at(URNS.twoRivers, 'dsl'), 'two-rivers', 'Two Rivers'),
    decide('10:25', () => story.at(story.noticeId('placed-urn'), 'dsl'), 'placed', 'the placed school'),
    decide('10:35', () => story.at(URNS.copperBeech, 'deputy'), 'copper-beech', 'Copper Beech'),
    on('23 11:00', 'the head of Ember Valley decides', async () => {
      const head = story.at(URNS.emberValley, 'head');
      const { noticeId } = await head.open();
      await head.decide(noticeId, { ...DECISION, inSchool: 'no', seenSafeBy: 'Her social worker, at home' });
      story.say(head, 'head of Ember Valley', 'opened it in school and recorded the support decision');
    }),
  ];
}

/** The police correct the second notification; the school sees what changed and starts again. */
function correction(story: Story): Act[] {
  return [
    on('23 11:30', 'posting a second version', async () => {
      const first = story.file(2);
      const incident = {
        ...first.incident,
        risk: 'medium',
        circumstances: `${first.incident.circumstances} A neighbour has since said that the door was kicked.`,
      };
      const second: PostedNotification = { ...first, version: 2, incident };
      await postNow(story, second);
    }),
    on('23 11:44', 'Hollow Lane reads the second version', async () => {
      const deputy = story.at(URNS.hollowLane, 'deputy');
      const { noticeId, page } = await deputy.acknowledge();
      story.noticeIds.set('hollow-lane-2', noticeId);
      story.ledger.changedPages.push(page.text);
      story.say(deputy, 'deputy of Hollow Lane', 'sees what changed and acknowledged the new version');
    }),
    on('23 11:52', 'Hollow Lane decides again', async () => {
      const deputy = story.at(URNS.hollowLane, 'deputy');
      await deputy.decide(story.noticeId('hollow-lane-2'), DECISION);
      story.say(deputy, 'deputy of Hollow Lane', 'recorded the support decision again');
    }),
  ];
}

function afterwards(story: Story): Act[] {
  return [
    on('24 09:05', 'the duty manager reads the overview', async () => {
      const manager = story.officer('duty-manager@northshire.example');
      const page = await manager.readOverview();
      story.ledger.authorityPage = page.text;
      const found = /(\d+) % (\d+) of (\d+) notices/.exec(page.text);
      if (!found) throw new Error(`No headline on the authority's page: ${page.text.slice(0, 300)}`);
      const [percent = 0, numerator = 0, denominator = 0] = found.slice(1).map(Number);
      story.ledger.headline = { percent, numerator, denominator };
      story.say(
        manager,
        'Northshire',
        `reads: ${percent} %, ${numerator} of ${denominator} notices before the bell`,
      );
    }),
    on('24 09:10', 'the police ask what became of them', async () => {
      await story.police.askForToken();
      const ids = new Set(story.ledger.postings.map(({ answer }) => answer.body.id));
      for (const id of ids) {
        story.ledger.statuses.push(await story.police.status(id));
        story.ledger.did('notification.read-status', null, null);
      }
      story.narrator.say(`Northshire Police asked what became of ${ids.size} notifications`);
    }),
  ];
}
