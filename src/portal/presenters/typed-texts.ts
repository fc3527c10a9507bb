import type { TypedText } from './message.view-model.js';

/**
 * Fields in which people write sentences -> what the form asks there. Nothing else is ever given back: no code, no token, no
 * address, no choice.
 */
const ASKED: Readonly<Record<string, string>> = {
  seenSafeBy: 'Seen safe by whom, today?',
  seenHeardSaid: 'What was seen, heard and said?',
  decision: 'Support decision',
  text: 'What is to be done?',
  words: 'Anything else?',
  toldWhom: 'Who took it on?',
  identityNote: 'How did you make sure who it was?',
};

/** @param posted the body of a request, whatever it is @returns what was typed there, in the order of the form, verbatim */
export function typedTexts(posted: unknown): TypedText[] {
  if (typeof posted !== 'object' || posted === null) return [];
  return Object.entries(posted).flatMap(([name, value]) => {
    const label = Object.hasOwn(ASKED, name) ? ASKED[name] : undefined;
    return label !== undefined && typeof value === 'string' && value.trim() !== ''
      ? [{ label, text: value }]
      : [];
  });
}
