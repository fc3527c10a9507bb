import { Temporal } from 'temporal-polyfill';
import { isUuid } from '../../common/ids.js';
import { NOTICE_STATES, type NoticeState } from '../../notices/domain/state.js';
import type { OverviewFilters } from '../presenters/authority.view-model.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { portalPaths } from '../presenters/paths.js';

/** What is shown when nobody asks for anything else. */
const DAYS_SHOWN = 28;
const ZONE = 'Europe/London';

/** States a person can ask for: before routing a notice is nobody's to list. */
export const LISTED_STATES = NOTICE_STATES.filter((state) => state !== 'received' && state !== 'routing');

export interface OverviewQuery {
  /** As typed, so that nothing is lost when it cannot be read. */
  readonly filters: OverviewFilters;
  readonly errors: readonly FieldError[];
  /** Received in [from, to). */
  readonly from: Date;
  readonly to: Date;
  readonly settingUrn: string | null;
  readonly state: NoticeState | null;
  /** Keyset: notices older (`before`) or newer (`after`) than this one. */
  readonly page: { readonly direction: 'before' | 'after'; readonly noticeId: string } | null;
}

/** Reads the filters of the address. Dates are London's; a day that cannot be read is an error, and the usual one is taken. */
export function readOverviewQuery(query: Record<string, unknown>, now: Date): OverviewQuery {
  const text = (name: string): string => (typeof query[name] === 'string' ? query[name].trim() : '');
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(ZONE).toPlainDate();
  const usual = { from: today.subtract({ days: DAYS_SHOWN - 1 }), to: today };
  const errors: FieldError[] = [];
  const day = (field: 'from' | 'to'): Temporal.PlainDate => {
    const typed = text(field);
    if (typed === '') return usual[field];
    const date = plainDate(typed);
    if (!date) errors.push({ field, text: 'Give a date, such as 2026-11-22' });
    return date ?? usual[field];
  };
  const from = day('from');
  const to = day('to');
  if (errors.length === 0 && Temporal.PlainDate.compare(from, to) > 0) {
    errors.push({ field: 'to', text: 'The last day cannot be before the first' });
  }
  const state = LISTED_STATES.find((one) => one === text('state')) ?? null;
  const settingUrn = /^\d{1,10}$/.test(text('setting')) ? text('setting') : null;
  return {
    filters: {
      from: text('from') || from.toString(),
      to: text('to') || to.toString(),
      setting: settingUrn ?? '',
      state: state ?? '',
    },
    errors,
    from: startOf(from),
    to: startOf(to.add({ days: 1 })),
    settingUrn,
    state,
    page: pageOf(text('before'), text('after')),
  };
}

/** The address of another page of the same list. */
export function overviewHref(
  filters: OverviewFilters,
  direction: 'before' | 'after',
  noticeId: string,
): string {
  const parameters = new URLSearchParams({ ...filters, [direction]: noticeId });
  return `${portalPaths.authority()}?${parameters.toString()}`;
}

function pageOf(before: string, after: string): OverviewQuery['page'] {
  if (isUuid(before)) return { direction: 'before', noticeId: before };
  return isUuid(after) ? { direction: 'after', noticeId: after } : null;
}

/** Only the plain form of a date: a year of five digits or a time zone is not what a date field sends. */
function plainDate(text: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    return null;
  }
}

function startOf(date: Temporal.PlainDate): Date {
  return new Date(date.toZonedDateTime(ZONE).epochMilliseconds);
}
