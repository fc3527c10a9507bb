import { randomUUID } from 'node:crypto';
import type { Act } from './clockwork.js';
import { london } from './london.js';
import { URNS, type Story } from './story.js';

const on = (time: string, what: string, run: () => Promise<void>): Act => ({
  at: london(`2026-11-23 ${time}`),
  what,
  run,
});

/** Monday before the bell: everything else is read, placed, told by telephone, or not told at all. */
export function morning(story: Story): Act[] {
  return [...relative(story), ...triage(story), ...siblings(story), ...readers(story), ...deskRings(story)];
}

/** The deputy of Two Rivers is the suspect's sister. She looks; there is nothing. */
function relative(story: Story): Act[] {
  return [
    on('07:05', 'the DSL of Two Rivers opens the notice', async () => {
      const dsl = story.at(URNS.twoRivers, 'dsl');
      story.noticeIds.set('two-rivers', (await dsl.open()).noticeId);
      story.say(dsl, 'DSL of Two Rivers', 'opened the notice and has not acknowledged it yet');
    }),
    on('07:12', 'the sister looks', async () => {
      const sister = story.at(URNS.twoRivers, 'deputy');
      const inbox = await sister.signedIn();
      const id = story.noticeId('two-rivers');
      const addresses = [`/notices/${id}`, `/notices/${id}/read`, `/notices/${id}/action`];
      const looks = [];
      for (const address of addresses) looks.push(await sister.get(address));
      const nowhere = await sister.get(`/notices/${randomUUID()}`);
      story.ledger.sister = { email: sister.email, inbox: inbox.text, addresses: looks, nowhere };
      const answers = looks.map((look) => look.status).join(', ');
      story.say(
        sister,
        'deputy of Two Rivers and sister of the suspect',
        `finds an empty inbox; the notice's addresses answer ${answers}`,
      );
    }),
    on('07:48', 'the DSL of Two Rivers acknowledges', async () => {
      const dsl = story.at(URNS.twoRivers, 'dsl');
      await dsl.acknowledge();
      story.say(dsl, 'DSL of Two Rivers', 'acknowledged after the reminder');
    }),
  ];
}

function triage(story: Story): Act[] {
  return [
    on('07:24', 'a triage officer places the child', async () => {
      const officer = story.officer('triage1@northshire.example');
      const placed = await officer.place(await officer.newestReference());
      story.noticeIds.set('placed', placed.noticeId);
      story.noticeIds.set('placed-urn', placed.urn);
      story.say(officer, 'triage desk', `asked around and placed the child: ${placed.label}`);
    }),
    on('07:40', 'the DSL of the placed school acknowledges', async () => {
      const dsl = story.at(story.noticeId('placed-urn'), 'dsl');
      await dsl.acknowledge();
      story.say(
        dsl,
        `DSL of ${story.narrator.place(story.noticeId('placed-urn'))}`,
        'read it and acknowledged',
      );
    }),
  ];
}

function siblings(story: Story): Act[] {
  const read = async (urn: string, role: 'dsl' | 'deputy', name: string, other: string): Promise<void> => {
    const reader = story.at(urn, role);
    const { noticeId, page } = await reader.acknowledge();
    story.noticeIds.set(name, noticeId);
    const otherSchool = story.narrator.place(other);
    story.ledger.siblingPages.push({ text: page.text, otherSchool, otherUrn: other });
    const place = story.narrator.place(urn);
    story.say(
      reader,
      `${role === 'dsl' ? 'DSL' : 'deputy'} of ${place}`,
      'acknowledged; sees that 1 other setting was told',
    );
  };
  return [
    on('07:36', 'Harbourmouth acknowledges', () =>
      read(URNS.harbourmouth, 'deputy', 'harbourmouth', URNS.oakfield),
    ),
    on('07:58', 'Oakfield acknowledges', () => read(URNS.oakfield, 'dsl', 'oakfield', URNS.harbourmouth)),
  ];
}

function readers(story: Story): Act[] {
  return [
    on('07:52', 'the deputy of Hollow Lane acknowledges', async () => {
      const deputy = story.at(URNS.hollowLane, 'deputy');
      story.noticeIds.set('hollow-lane', (await deputy.acknowledge()).noticeId);
      story.say(deputy, 'deputy of Hollow Lane', 'acknowledged: the DSL does not work on Mondays');
    }),
    on('08:05', 'the deputy of Copper Beech acknowledges', async () => {
      const dsl = story.at(URNS.copperBeech, 'deputy');
      story.noticeIds.set('copper-beech', (await dsl.acknowledge()).noticeId);
      story.say(
        dsl,
        'deputy of Copper Beech',
        'acknowledged: the school was found by the name the police wrote',
      );
    }),
    on('08:20', 'the DSL of Riverside says that she is in school', async () => {
      const dsl = story.at(URNS.riverside, 'dsl');
      await dsl.sayInSchoolToday(story.noticeId('riverside'));
      story.say(dsl, 'DSL of Riverside', 'answered: yes, in school today');
    }),
    on('08:21', 'the head of Fox Hollow acknowledges', async () => {
      const head = story.at(URNS.foxHollow, 'head');
      story.noticeIds.set('fox-hollow', (await head.acknowledge()).noticeId);
      story.say(head, 'head of Fox Hollow', 'acknowledged: neither DSL nor deputy had answered');
    }),
  ];
}

/** Nobody at Ember Valley answers: the duty desk takes charge and rings. */
function deskRings(story: Story): Act[] {
  return [
    on('08:19', 'a duty officer takes charge', async () => {
      const officer = story.officer('duty1@northshire.example');
      const reference = await officer.newestReference();
      story.noticeIds.set('ember-valley', await officer.takeCharge(reference));
      story.say(officer, 'duty desk', 'took charge of the notice for Ember Valley and rings the school');
    }),
    on('08:41', 'the duty officer records the call', async () => {
      const officer = story.officer('duty1@northshire.example');
      const head = story.at(URNS.emberValley, 'head');
      const told = { name: head.person.name, at: london('2026-11-23 08:38') };
      await officer.recordTelephone(story.noticeId('ember-valley'), told);
      story.say(
        officer,
        'duty desk',
        `recorded: ${told.name}, head of Ember Valley, was told by telephone at 08:38`,
      );
    }),
  ];
}
