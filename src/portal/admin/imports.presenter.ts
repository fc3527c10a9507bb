import {
  FINISHED,
  IMPORT_KINDS,
  type ImportKind,
  type ImportRun,
  type ImportState,
} from '../../directory/domain/import-run.js';
import type { ImportRunView, ImportsView } from '../presenters/imports.view-model.js';
import { moment } from '../presenters/london-time.js';
import type { FieldError } from '../presenters/page-context.view-model.js';
import { portalPaths } from '../presenters/paths.js';

const KINDS: Record<ImportKind, { text: string; hint: string }> = {
  schools: { text: 'Schools (GIAS)', hint: 'edubasealldata.csv' },
  links: {
    text: 'Links between schools (GIAS)',
    hint: 'links_edubasealldata.csv: which school followed which. Upload it before the schools',
  },
  'early-years': {
    text: 'Early years (Ofsted)',
    hint: 'Childcare providers and inspections, most recent, as CSV',
  },
  wales: { text: 'Schools in Wales', hint: 'A plain CSV: School number, School name, Authority code' },
  contacts: { text: 'Contacts', hint: 'People and shared mailboxes of settings and desks' },
  'school-hours': { text: 'School hours', hint: 'urn, bell, home' },
  calendar: { text: 'School days (CSV)', hint: 'layer, key, from, to, state' },
  icalendar: { text: 'School days (iCalendar)', hint: 'Say below whose days they are' },
  'bank-holidays': { text: 'Bank holidays', hint: 'bank-holidays.json of gov.uk' },
};

const STATES: Record<ImportState, { text: string; tone: ImportRunView['tone'] }> = {
  waiting: { text: 'Waiting for its turn', tone: 'teal' },
  running: { text: 'Running', tone: 'teal' },
  'to-confirm': { text: 'Needs your confirmation', tone: 'amber' },
  done: { text: 'Done', tone: 'green' },
  refused: { text: 'Refused: nothing was changed', tone: 'red' },
  failed: { text: 'Failed: nothing was changed', tone: 'red' },
  cancelled: { text: 'Cancelled: nothing was changed', tone: 'amber' },
};

const LAYERS = {
  '': 'Not an iCalendar file',
  setting: 'A setting',
  trust: 'A trust',
  authority: 'An authority',
  nation: 'A nation',
};

export interface ImportForm {
  kind: string;
  layer: string;
  key: string;
}

export function presentImports(
  runs: readonly ImportRun[],
  limitBytes: number,
  values: ImportForm = { kind: '', layer: '', key: '' },
  errors: readonly FieldError[] = [],
): ImportsView {
  return {
    kinds: IMPORT_KINDS.map((value) => ({
      value,
      text: KINDS[value].text,
      hint: { text: KINDS[value].hint },
    })),
    values,
    layers: Object.entries(LAYERS).map(([value, text]) => ({ value, text })),
    limitMegabytes: Math.round(limitBytes / 1024 / 1024),
    runs: runs.map((run) => ({
      href: portalPaths.importRun(run.id),
      what: KINDS[run.kind].text,
      at: moment(run.createdAt),
      by: run.startedByName ?? 'The operator',
      state: STATES[run.state].text,
      good: run.state === 'done',
    })),
    errors,
  };
}

export function presentImportRun(run: ImportRun, refreshing: boolean): ImportRunView {
  const { text, tone } = STATES[run.state];
  const busy = run.state === 'waiting' || run.state === 'running';
  const { sections = [], problems = { count: 0, lines: [] } } = run.outcome ?? {};
  return {
    what: KINDS[run.kind].text,
    state: text,
    tone: run.state === 'done' && problems.count > 0 ? 'amber' : tone,
    words: run.outcome?.summary ?? (busy ? `${run.rowsRead.toLocaleString('en-GB')} lines read so far.` : ''),
    facts: [
      {
        label: 'File',
        value: `${(run.bytes / 1024).toLocaleString('en-GB', { maximumFractionDigits: 0 })} kB`,
      },
      { label: 'Lines read', value: run.rowsRead.toLocaleString('en-GB') },
      { label: 'Changed', value: run.outcome ? run.outcome.changed.toLocaleString('en-GB') : 'Not yet' },
      { label: 'Lines left out', value: run.outcome ? problems.count.toLocaleString('en-GB') : 'Not yet' },
      { label: 'Uploaded', value: moment(run.createdAt).words },
      ...(run.startedAt ? [{ label: 'Started', value: moment(run.startedAt).words }] : []),
      ...(run.finishedAt ? [{ label: 'Finished', value: moment(run.finishedAt).words }] : []),
      { label: 'By', value: run.startedByName ?? 'The operator' },
    ],
    sections: sections.map(({ heading, count, lines }) => ({
      heading: `${heading}: ${count}`,
      lines,
      more: lines.length === 0 ? 0 : count - lines.length,
    })),
    problems: { ...problems, more: problems.count - problems.lines.length },
    refreshing: busy && refreshing,
    watchHref: busy && !refreshing ? portalPaths.importRun(run.id) : null,
    stillHref: busy && refreshing ? `${portalPaths.importRun(run.id)}?still=1` : null,
    confirm:
      run.state === 'to-confirm'
        ? {
            action: portalPaths.importConfirm(run.id),
            cancelAction: portalPaths.importCancel(run.id),
            button: 'These closures are true: import the file',
          }
        : null,
  };
}

export function isRunning(run: ImportRun): boolean {
  return !FINISHED.has(run.state) && run.state !== 'to-confirm';
}
