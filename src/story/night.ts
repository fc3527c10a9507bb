import type { Act } from './clockwork.js';
import { london } from './london.js';
import { URNS, type Story } from './story.js';

/** Sunday night: the police post, one safeguarding lead is awake. */
export function night(story: Story): Act[] {
  const posts = story.notifications.map((_, index) => post(story, index + 1));
  return [...posts, replay(story), readAtOnce(story)];
}

function post(story: Story, number: number): Act {
  const notification = story.file(number);
  const minute = String(9 + number).padStart(2, '0');
  return {
    at: london(`2026-11-22 23:${minute}`),
    what: `posting ${notification.forceReference}`,
    run: () => postNow(story, notification),
  };
}

export async function postNow(story: Story, notification: Story['notifications'][number]): Promise<void> {
  const { forceReference, version, incident } = notification;
  if (story.ledger.postings.length === 0) await story.police.askForToken();
  const answer = await story.police.post(notification, `story-${forceReference}-${version}`);
  story.ledger.postings.push({ notification, answer });
  story.ledger.did('notification.accepted', null, null);
  const again = version > 1 ? `, version ${version}` : '';
  const risk = incident.risk.replace('-', ' ').toUpperCase();
  story.narrator.say(`Northshire Police posted ${forceReference}${again} (${risk}) -> ${answer.status}`);
  if (answer.status !== 202) throw new Error(`${forceReference} was answered ${answer.status}`);
}

/** The answer got lost on the way, so the police system sends the same again. */
function replay(story: Story): Act {
  return {
    at: london('2026-11-22 23:18'),
    what: 'sending the first notification again',
    run: async () => {
      const [first] = story.ledger.postings;
      if (!first) throw new Error('Nothing was posted yet');
      const second = await story.police.post(
        first.notification,
        `story-${first.notification.forceReference}-${first.notification.version}`,
      );
      story.ledger.replays.push({ first: first.answer, second });
      story.ledger.did('notification.replayed', null, null);
      const marked = second.replayed ? ', Idempotency-Replayed' : '';
      story.narrator.say(
        `Northshire Police sent ${first.notification.forceReference} once more -> ${second.status}${marked}`,
      );
    },
  };
}

function readAtOnce(story: Story): Act {
  return {
    at: london('2026-11-22 23:24'),
    what: 'the DSL of Riverside acknowledges at once',
    run: async () => {
      const dsl = story.at(URNS.riverside, 'dsl');
      const { noticeId } = await dsl.acknowledge();
      story.noticeIds.set('riverside', noticeId);
      story.say(dsl, 'DSL of Riverside', 'read it at home and acknowledged: this ladder has stopped');
    },
  };
}
