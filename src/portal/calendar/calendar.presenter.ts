import type { CalendarReport, StoredEntry } from '../../calendar/calendar-reading.service.js';
import type { CalendarOwner } from '../../calendar/domain/calendar-owner.js';
import type { CalendarLayer } from '../../calendar/domain/calendar-row.js';
import { addDays, weekdayName, type IsoDate } from '../../calendar/domain/iso-date.js';
import { cutoffOf } from '../../calendar/domain/school-hours.js';
import type { DayRun } from '../../calendar/domain/weeks-ahead.js';
import type {
  CalendarCloseView,
  CalendarFormValues,
  CalendarLine,
  CalendarView,
  HoursFormValues,
} from '../presenters/calendar.view-model.js';
import { calendarDateWords } from '../presenters/london-time.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { portalPaths } from '../presenters/paths.js';
import { CLOSE_REASONS, kindsOf, NOTHING_TYPED } from './calendar-form.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const KIND_WORDS: Record<StoredEntry['kind'], string> = {
  term: 'Term',
  holiday: 'Holiday',
  inset: 'INSET day',
  'bank-holiday': 'Bank holiday',
  closure: 'Closed',
  snow: 'Closed because of the weather',
};

const SOURCE_WORDS: Record<StoredEntry['source'], string> = {
  file: 'From a file',
  page: 'Entered here',
  command: 'Entered by the operator',
  rule: 'Forecast by rule',
  'gov.uk': 'From gov.uk',
};

const ABOUT: Record<CalendarLayer, string> = {
  setting: 'What is entered here goes before the trust’s, the authority’s and the nation’s days.',
  trust: 'These days count at every setting of the trust that has not entered its own.',
  authority:
    'These days count at every setting of the authority where neither the setting nor its trust says otherwise.',
  nation: 'Bank holidays count at every setting of the nation where no other layer opens the day.',
};

export interface CalendarFormState {
  values?: CalendarFormValues;
  hours?: HoursFormValues;
  errors?: readonly FieldError[];
  /** The entry that was just added. */
  doneEntry?: string | null;
  done?: string | null;
}

/** "Monday 23 November 2026". */
export function dayWords(date: IsoDate): string {
  return `${weekdayName(date)} ${calendarDateWords(date)}`;
}

export function presentCalendar(report: CalendarReport, state: CalendarFormState = {}): CalendarView {
  const { owner, facts } = report;
  const { bell, homeTime } = facts;
  return {
    name: facts.name,
    about: ABOUT[owner.layer],
    today: todayWords(report),
    closeDays: owner.layer === 'setting' ? closeDays(report) : [],
    done: done(report, state),
    weeks: report.weeks.map((run) => line(run, report)),
    entries: report.entries.map((entry) => ({
      dates: dates(entry.from, entry.to),
      what: what(entry),
      entered: `${SOURCE_WORDS[entry.source]}${entry.enteredBy ? ` by ${entry.enteredBy}` : ''}`,
      warning: entry.missingSince ? 'No longer on gov.uk’s list: remove it if that is right' : null,
      removeAction: portalPaths.calendarRemove(owner.layer, owner.key, entry.id),
    })),
    kinds: kindsOf(owner.layer),
    values: state.values ?? NOTHING_TYPED,
    hours:
      owner.layer === 'setting' && bell && homeTime
        ? {
            bell: state.hours?.bell ?? bell,
            homeTime: state.hours?.homeTime ?? homeTime,
            cutoff: cutoffOf(bell),
            action: portalPaths.calendarHours(owner.layer, owner.key),
          }
        : null,
    addAction: portalPaths.calendarEntries(owner.layer, owner.key),
    errors: state.errors ?? [],
  };
}

export function presentClose(report: CalendarReport, date: IsoDate): CalendarCloseView {
  const { owner, facts, today } = report;
  return {
    name: facts.name,
    date,
    dateWords: dayWords(date),
    today: date === today,
    effects: [
      `${facts.name} counts as closed on ${dayWords(date)}.`,
      'Notices that nobody has acknowledged get a new deadline: the bell of the next day on which you are open.',
      'When a notice graded HIGH moves to a later day, the authority’s duty desk is told at once.',
      'You can undo it.',
    ],
    reasons: Object.entries(CLOSE_REASONS).map(([value, { text }]) => ({
      value,
      text,
      checked: value === 'snow',
    })),
    action: portalPaths.calendarClosed(owner.layer, owner.key),
    backHref: portalPaths.calendar(owner.layer, owner.key),
  };
}

function todayWords({ today, status, nextSchoolDay }: CalendarReport): string {
  const { open, title } = status[today] ?? { open: true, title: '' };
  if (open) return `Today, ${dayWords(today)}, is a school day.`;
  const next = nextSchoolDay
    ? ` The next school day is ${dayWords(nextSchoolDay)}.`
    : ' No school day is known after it.';
  return `Today, ${dayWords(today)}, is not a school day (${title}).${next}`;
}

function closeDays({ owner, today, status }: CalendarReport): CalendarView['closeDays'] {
  const days = [
    { day: 'today', text: 'We are closed today', date: today },
    { day: 'tomorrow', text: 'We are closed tomorrow', date: addDays(today, 1) },
  ] as const;
  return days
    .filter(({ date }) => status[date]?.open)
    .map(({ day, text, date }) => ({
      text,
      date: dayWords(date),
      href: portalPaths.calendarClose(owner.layer, owner.key, day),
    }));
}

function done(
  { owner, entries }: CalendarReport,
  { doneEntry, done: words }: CalendarFormState,
): CalendarView['done'] {
  const entry = entries.find(({ id }) => id === doneEntry);
  if (entry) {
    return {
      words: `${dates(entry.from, entry.to)}: ${what(entry)}. Open notices are being planned anew.`,
      undoAction: portalPaths.calendarRemove(owner.layer, owner.key, entry.id),
    };
  }
  return words ? { words, undoAction: null } : null;
}

function line(run: DayRun, report: CalendarReport): CalendarLine {
  const said = run.layer
    ? `${run.title || (run.open ? 'Open' : 'Closed')} (${layerWords(run.layer, report)})`
    : run.title;
  return { days: dates(run.from, run.to), open: run.open, why: capital(said) };
}

function layerWords(layer: CalendarLayer, { owner, names }: CalendarReport): string {
  if (layer === owner.layer) return owner.layer === 'setting' ? 'entered for this setting' : 'entered here';
  if (layer === 'nation') return 'bank holiday';
  return names[layer] ?? layer;
}

function what({ kind, title, open }: Pick<StoredEntry, 'kind' | 'title' | 'open'>): string {
  const words = open && kind !== 'term' ? 'Open' : KIND_WORDS[kind];
  if (title.startsWith(KIND_WORDS.closure)) return title;
  return title && title !== words ? `${words}: ${title}` : words;
}

/** "Mon 23 Nov 2026", "Mon 23 to Fri 27 Nov 2026". */
function dates(from: IsoDate, to: IsoDate): string {
  if (from === to) return `${short(from)} ${from.slice(0, 4)}`;
  const [first, last] = [short(from), `${short(to)} ${to.slice(0, 4)}`];
  if (from.slice(0, 7) === to.slice(0, 7)) return `${first.split(' ').slice(0, 2).join(' ')} to ${last}`;
  return from.slice(0, 4) === to.slice(0, 4)
    ? `${first} to ${last}`
    : `${first} ${from.slice(0, 4)} to ${last}`;
}

function short(date: IsoDate): string {
  return `${weekdayName(date).slice(0, 3)} ${Number(date.slice(8))} ${MONTHS[Number(date.slice(5, 7)) - 1] ?? ''}`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function isOwnerLayer(layer: string): layer is CalendarOwner['layer'] {
  return ['setting', 'trust', 'authority', 'nation'].includes(layer);
}
