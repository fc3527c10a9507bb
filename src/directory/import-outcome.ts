import type { BankHolidaysReport } from '../calendar/import-bank-holidays.service.js';
import { SHOWN, type ImportOutcome } from './domain/import-run.js';
import type { LineProblem } from './import/import-line.js';
import type { ContactsReport } from './import-contacts.service.js';
import type { LinksReport } from './import-links.service.js';
import type { SettingsReport, TooManyClosures } from './import-settings.service.js';

type Section = ImportOutcome['sections'][number];

function section(heading: string, lines: readonly string[]): Section[] {
  return lines.length === 0 ? [] : [{ heading, count: lines.length, lines: lines.slice(0, SHOWN) }];
}

function problemsOf(problems: readonly LineProblem[]): ImportOutcome['problems'] {
  const lines = problems.slice(0, SHOWN).map(({ line, problem }) => ({ line, problem }));
  return { count: problems.length, lines };
}

const NONE: ImportOutcome['problems'] = { count: 0, lines: [] };
const named = (settings: readonly { urn: string; name: string }[]): string[] =>
  settings.map(({ urn, name }) => `${urn} ${name}`);

/** Reports of imports as what a page shows and the run keeps: names of settings, lines and problems; no person. */
export function settingsOutcome(report: SettingsReport): ImportOutcome {
  const { opened, closed, renamed, movedAuthority, leftOpen, absent, authoritiesCreated } = report;
  return {
    summary: `${report.read} settings read, ${report.added} of them new.`,
    changed: report.added + closed.length + renamed.length + movedAuthority.length,
    sections: [
      ...section('Closed', named(closed)),
      ...section('Opened', named(opened)),
      ...section(
        'Renamed',
        renamed.map(({ urn, from, to }) => `${urn} ${from} is now ${to}`),
      ),
      ...section(
        'Moved to another authority',
        movedAuthority.map(({ urn, name, from, to }) => `${urn} ${name}: ${from} to ${to}`),
      ),
      ...section(
        'Authorities created',
        authoritiesCreated.map(({ code, name }) => `${code} ${name}`),
      ),
      ...section('Left open, though “proposed to open” in the file', named(leftOpen)),
      ...section('Not in the file, left as they are', named(absent)),
      ...(report.withheld > 0
        ? [{ heading: 'Withheld by the register itself (REDACTED)', count: report.withheld, lines: [] }]
        : []),
    ],
    problems: problemsOf(report.problems),
  };
}

export function closuresOutcome({ closing, openInFile }: TooManyClosures): ImportOutcome {
  return {
    summary: `The file closes ${closing.length} of the ${openInFile} open settings in it. Nothing has been changed yet.`,
    changed: 0,
    sections: section('It would close', named(closing)),
    problems: NONE,
  };
}

export function linksOutcome(report: LinksReport): ImportOutcome {
  return {
    summary: `${report.read} links read, ${report.added} new or changed, ${report.removed} taken back.`,
    changed: report.added + report.removed,
    sections: [],
    problems: problemsOf(report.problems),
  };
}

export function contactsOutcome(report: ContactsReport): ImportOutcome {
  return {
    summary: `${report.read} contacts read: ${report.added} new, ${report.changed} changed, ${report.unchanged} as before.`,
    changed: report.added + report.changed,
    sections: section('Desks created', report.desksCreated),
    problems: problemsOf(report.problems),
  };
}

export function calendarOutcome(report: {
  read: number;
  added: number;
  problems: LineProblem[];
}): ImportOutcome {
  return {
    summary: `${report.read} entries read, ${report.added} of them new or changed.`,
    changed: report.added,
    sections: [],
    problems: problemsOf(report.problems),
  };
}

export function bankHolidayOutcome(report: BankHolidaysReport): ImportOutcome {
  const day = ({ nation, date, title }: { nation: string; date: string; title: string }): string =>
    `${date} ${title} (${nation})`;
  return {
    summary: `${report.read} days read, ${report.added.length} new, ${report.confirmed} forecast days confirmed.`,
    changed: report.added.length + report.retitled.length,
    sections: [
      ...section('New', report.added.map(day)),
      ...section(
        'Renamed',
        report.retitled.map(({ nation, date, from, to }) => `${date} ${from} is now ${to} (${nation})`),
      ),
      ...section(
        'Not in the file, left as they are: remove them in the nation’s calendar if they are wrong',
        report.missing.map(day),
      ),
    ],
    problems: {
      count: report.problems.length,
      lines: report.problems.map((problem) => ({ line: 0, problem })),
    },
  };
}

export function refusedOutcome(message: string, missing: readonly string[]): ImportOutcome {
  return {
    summary: message,
    changed: 0,
    sections: section('Columns that are missing', missing),
    problems: NONE,
  };
}
