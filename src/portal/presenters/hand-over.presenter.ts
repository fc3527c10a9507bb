import type { HandOverForm } from './authority.view-model.js';
import { londonDateInput, londonTime } from './london-time.js';
import type { FieldError } from './page-context.view-model.js';
import { readLondonInstant } from './telephone.presenter.js';

/** How another area was told outside Firstbell. */
export const HAND_OVER_WORDS = {
  telephone: 'By telephone',
  'secure-email': 'By secure e-mail',
  portal: 'Through its own portal',
  'in-person': 'In person',
} as const;
type Way = keyof typeof HAND_OVER_WORDS;

type Values = Omit<HandOverForm, 'to'>;

export function emptyHandOver(now: Date): Values {
  return { toldWhom: '', how: '', toldDate: londonDateInput(now), toldTime: londonTime(now) };
}

export interface HandOverAnswer {
  readonly values: Values;
  /** Null when there are errors. */
  readonly record: { toldWhom: string; how: Way; toldAt: Date } | null;
  readonly errors: FieldError[];
}

const LONGEST = 500;

export function readHandOverForm(body: Record<string, unknown>, receivedAt: Date, now: Date): HandOverAnswer {
  const text = (name: string): string =>
    typeof body[name] === 'string' ? body[name].trim().slice(0, LONGEST) : '';
  const values = {
    toldWhom: text('toldWhom'),
    how: text('how'),
    toldDate: text('toldDate'),
    toldTime: text('toldTime'),
  };
  const errors: FieldError[] = [];
  if (!values.toldWhom) errors.push({ field: 'toldWhom', text: 'Say who took it on: name and post' });
  const how = Object.hasOwn(HAND_OVER_WORDS, values.how) ? (values.how as Way) : null;
  if (!how) errors.push({ field: 'how', text: 'Say how they were told' });
  const toldAt = readLondonInstant(values.toldDate, values.toldTime);
  if (!toldAt) errors.push({ field: 'toldDate', text: 'Give the date and time, such as 08:40' });
  else if (toldAt > now || toldAt.getTime() < receivedAt.getTime() - 60_000) {
    errors.push({
      field: 'toldDate',
      text: 'The time must be after the notice was received and not later than now',
    });
  }
  if (errors.length > 0 || !how || !toldAt) return { values, record: null, errors };
  // A form knows minutes: the minute of receipt means "since it was received".
  return {
    values,
    record: { toldWhom: values.toldWhom, how, toldAt: toldAt < receivedAt ? receivedAt : toldAt },
    errors,
  };
}
