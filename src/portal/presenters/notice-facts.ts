import { calendarDateWords, londonDateTime } from './london-time.js';
import { childName, type NoticeContent } from './notice-content.js';
import type { Change, Fact, PoliceText, VoiceOfChild } from './notice.view-model.js';
import { codeWords, mayCollectWords, presenceWords, riskWords, roleWords } from './notice-words.js';
import { presentRestrictions } from './restrictions.presenter.js';

function fact(label: string, value: string | null | undefined): Fact[] {
  return value ? [{ label, value }] : [];
}

export function bornWords(child: Pick<NoticeContent['child'], 'dateOfBirth' | 'ageEstimate'>): string {
  if (child.dateOfBirth) return calendarDateWords(child.dateOfBirth);
  return child.ageEstimate === null ? 'Not given' : `Not given (thought to be about ${child.ageEstimate})`;
}

/** Incident and child facts, in reading order. With a safe address no postcode leaves this function. */
export function noticeFacts(content: NoticeContent, hideAddress = content.restrictions.safeAddress): Fact[] {
  const { incident, child } = content;
  return [
    { label: 'What it is', value: codeWords(incident.category) },
    { label: 'When it began', value: londonDateTime(incident.startedAt) },
    ...fact('Police attended', incident.attendedAt ? londonDateTime(incident.attendedAt) : null),
    { label: 'Was the child there?', value: presenceWords(child.presence) },
    ...fact('Home postcode', hideAddress ? 'Hidden: safe address' : child.homePostcode),
    ...fact('Language', child.language),
    ...fact('Interpreter', child.interpreter),
    ...fact('Communication needs', child.communicationNeeds),
  ];
}

/** The police's words, verbatim. A child's own circumstances replace the incident's for its settings. */
export function policeTexts(content: NoticeContent): PoliceText[] {
  const circumstances = content.child.circumstances ?? content.incident.circumstances;
  const texts: PoliceText[] = [];
  if (circumstances) texts.push({ heading: 'What happened', text: circumstances });
  if (content.incident.policeAction) {
    texts.push({ heading: 'What the police did', text: content.incident.policeAction });
  }
  return texts;
}

export function presentVoice(voice: NoticeContent['child']['voice']): VoiceOfChild {
  if (!voice || voice.spokenTo === null) {
    return {
      spokenTo: 'The police did not record whether they spoke to the child.',
      words: null,
      demeanour: null,
    };
  }
  const alone =
    voice.alone === null ? '' : voice.alone ? ', alone with the officer' : ', with another adult in the room';
  return {
    spokenTo: voice.spokenTo
      ? `The police spoke to the child${alone}.`
      : 'The police did not speak to the child.',
    words: voice.words,
    demeanour: voice.demeanour,
  };
}

export function officerFacts(officer: NoticeContent['officer']): Fact[] {
  if (!officer) return [];
  return [
    ...fact('Officer', [officer.name, officer.collarNumber].filter(Boolean).join(', ')),
    ...fact('Team telephone', officer.teamPhone),
    ...fact('Team e-mail', officer.teamEmail),
  ];
}

export function referralWords(referrals: NoticeContent['referrals']): string[] {
  return referrals.map(({ to, at }) => (at ? `${codeWords(to)}, ${londonDateTime(at)}` : codeWords(to)));
}

function everythingShown(content: NoticeContent, hideAddress: boolean): Fact[] {
  const voice = presentVoice(content.child.voice);
  return [
    { label: 'Child', value: `${childName(content.child)}, born ${bornWords(content.child)}` },
    ...presentRestrictions(content).map(({ heading, policeWords, detail }) => ({
      label: heading,
      value: [policeWords, detail].filter(Boolean).join('\n') || 'Stated',
    })),
    { label: 'Police grade of risk to the adult', value: riskWords(content.incident.risk) },
    ...noticeFacts(content, hideAddress),
    ...policeTexts(content).map(({ heading, text }) => ({ label: heading, value: text })),
    {
      label: 'Voice of the child',
      value: [voice.spokenTo, voice.words, voice.demeanour].filter(Boolean).join('\n'),
    },
    ...content.adults.map((adult, index) => ({
      label: `Adult ${index + 1}`,
      value: [
        [adult.forename, adult.surname].filter(Boolean).join(' ') || 'Not named',
        adult.role && roleWords(adult.role),
        adult.relationshipToChild,
        mayCollectWords(adult.mayCollect),
      ]
        .filter(Boolean)
        .join(', '),
    })),
    ...officerFacts(content.officer),
    { label: 'Referrals', value: referralWords(content.referrals).join('\n') || 'None given' },
  ];
}

/** What changed since the previous version, of everything this reader is shown; restrictions come first. */
export function describeChanges(before: NoticeContent, after: NoticeContent): Change[] {
  // An address that has become safe must not be told by what stood there before.
  const hideAddress = before.restrictions.safeAddress || after.restrictions.safeAddress;
  const old = everythingShown(before, hideAddress);
  const now = everythingShown(after, hideAddress);
  const labels = [...new Set([...now, ...old].map((item) => item.label))];
  const valueOf = (items: readonly Fact[], label: string): string =>
    items.find((item) => item.label === label)?.value ?? 'Not given';
  return labels
    .map((label) => ({ label, before: valueOf(old, label), after: valueOf(now, label) }))
    .filter((change) => change.before !== change.after);
}
