import type { ErrorDetails } from '../../common/http/error-pages.js';
import { portalPaths } from './paths.js';
import type { ConfirmationView, ErrorView, SessionEndedView } from './message.view-model.js';
import { typedTexts } from './typed-texts.js';

const KNOWN: Record<number, { title: string; lines: string[] }> = {
  400: {
    title: 'We could not read what was sent',
    lines: ['Nothing was changed.', 'Go back, reload the page and try once more.'],
  },
  403: {
    title: 'You cannot do this',
    lines: [
      'Nothing was changed.',
      'Your post does not allow it, or the page had been open too long. Go back, reload the page and try once more.',
    ],
  },
  404: {
    title: 'There is nothing for you at this address',
    lines: [
      'If you typed the address, check it.',
      'If a message brought you here, look in your list of notices: whatever waits for you is there. It may have moved on since the message was sent.',
    ],
  },
  409: {
    title: 'The notice has moved on',
    lines: [
      'Nothing was changed: somebody else did something with it after you opened the page.',
      'Go back to your inbox to see who has it.',
    ],
  },
  429: {
    title: 'Too many tries',
    lines: ['Nothing was changed.', 'Wait a few minutes, then try again.'],
  },
  500: {
    title: 'Something went wrong on our side',
    lines: [
      'We do not know whether your last step was kept. Go back to your inbox and look before you repeat it.',
      'The clocks keep running: if a notice cannot wait, telephone your authority’s desk.',
    ],
  },
  503: {
    title: 'Firstbell cannot be reached just now',
    lines: [
      'We do not know whether your last step was kept. Try again in a minute.',
      'The clocks keep running: if a notice cannot wait, telephone your authority’s desk.',
    ],
  },
};

/** Errors that have better words than their status. */
const BY_CODE: Record<string, { title: string; lines: string[] }> = {
  'form-too-old': {
    title: 'This form is too old',
    lines: [
      'Nothing was changed.',
      'Go back, reload the page and try again. This happens when the page was open for a long time, or when you signed out and in again in another window.',
    ],
  },
  'no-post-chosen': {
    title: 'Choose your post first',
    lines: [
      'Nothing was changed.',
      'You have several posts, and have not chosen for which one you are acting.',
    ],
  },
  'place-first': {
    title: 'This notice has no school yet',
    lines: [
      'Nothing was changed.',
      'Find its school first: only an adult at the school can read and acknowledge it.',
    ],
  },
  'not-the-school': {
    title: 'Only an adult at the school can do this',
    lines: ['Nothing was changed.', 'Ring the school and record the call.'],
  },
};

/**
 * Never carries the error's own message: that may hold personal data. A status not listed reads as 400 or 500.
 * @param posted the form that the request brought, to give back what was typed
 */
export function presentError(
  status: number,
  correlationId: string | null = null,
  { retryAfterSeconds, code = '', posted }: Partial<ErrorDetails> = {},
): ErrorView {
  const known = BY_CODE[code] ?? KNOWN[status] ?? KNOWN[status < 500 ? 400 : 500];
  const title = known?.title ?? '';
  const lines = [...(known?.lines ?? [])];
  if (retryAfterSeconds !== undefined && retryAfterSeconds > 0) {
    const minutes = Math.ceil(retryAfterSeconds / 60);
    lines[lines.length - 1] = `Try again in ${minutes} minute${minutes === 1 ? '' : 's'}.`;
  }
  const next =
    code === 'no-post-chosen'
      ? { text: 'Choose your post', href: portalPaths.choosePost() }
      : { text: 'Go to your list', href: portalPaths.signIn() };
  return { status, title, lines, correlationId, next, typed: typedTexts(posted) };
}

/** Somebody posted a form after their session had ended. @param posted that form */
export function presentSessionEnded(posted: unknown): SessionEndedView {
  return { reason: 'expired', typed: typedTexts(posted) };
}

/** "2 open follow-ups end with it." */
export function followUpsEnd(count: number): string {
  return count === 1 ? '1 open follow-up ends with it.' : `${count} open follow-ups end with it.`;
}

const inboxLink = { text: 'Back to the inbox', href: portalPaths.inbox() };

/**
 * "Not our pupil" and "I know this family" end here: the school is told it is finished, and nothing more.
 * @param followUps how many were still to be done
 */
export function presentHandedBack(
  reason: 'not-our-pupil' | 'knows-family',
  testNotice: boolean,
  followUps = 0,
): ConfirmationView {
  return {
    testNotice,
    title: 'The authority’s desk has it now',
    lines: [
      'You do not need to do anything else.',
      'The notice is no longer in your list.',
      ...(followUps > 0 ? [`${followUpsEnd(followUps)} The authority’s desk sees which, and for when.`] : []),
      ...(reason === 'knows-family' ? ['Thank you for saying so. The desk decides who will read it.'] : []),
    ],
    next: [{ ...inboxLink, primary: true }],
  };
}

/** @param first false when a colleague had acknowledged it before */
export function presentAcknowledged(
  noticeId: string,
  first: boolean,
  actionDue: string | null,
  testNotice: boolean,
): ConfirmationView {
  return {
    testNotice,
    title: first ? 'You have it now' : 'A colleague has it already',
    lines: [
      first
        ? 'The reminders have stopped and the others at your setting see that you look after it.'
        : 'Somebody at your setting acknowledged it before you. The reminders have stopped.',
      ...(actionDue ? [actionDue] : []),
    ],
    next: [
      { text: 'Record the support decision', href: portalPaths.action(noticeId), primary: true },
      { text: 'Back to the notice', href: portalPaths.notice(noticeId), primary: false },
      { ...inboxLink, primary: false },
    ],
  };
}

const DESK_DONE = {
  held: [
    'The setting is told in two minutes',
    'Until then you can take it back, on the notice’s page or on the desk list. Your desk owns the notice meanwhile.',
  ],
  moved: ['The other desk has the notice', 'It keeps its clock, and that desk’s officers are being told.'],
  outside: [
    'The notice is marked as another area’s',
    'That area is not served here, so your desk owns it until somebody records who was told, how and when. Its clock and its repeats go on.',
  ],
  'handed-over': ['The hand-over is recorded', 'The desk’s clock for this notice has ended.'],
  assigned: ['The setting has the notice', 'Its ladder has started and its contacts are being told.'],
  telephone: [
    'The telephone acknowledgement is recorded',
    'It is counted apart, and never as before the bell. The contact still needs to sign in and read the notice.',
  ],
  acknowledged: [
    'You are looking after this notice',
    'The desk’s reminders about reading it have stopped. The support decision comes next.',
  ],
} as const;

/** After a desk placed a notice, recorded a telephone acknowledgement, or read its own. */
export function presentDeskDone(done: keyof typeof DESK_DONE): ConfirmationView {
  const [title, ...lines] = DESK_DONE[done];
  return { title, lines, next: [{ text: 'Back to the desk list', href: portalPaths.desk(), primary: true }] };
}
