import { csvFile } from '../../common/csv.js';
import type { CoverageReport, CoveredSetting } from '../../directory/coverage.service.js';
import {
  FINDING_KINDS,
  FINDING_WORDS,
  URGENT_KINDS,
  type FindingKind,
} from '../../directory/domain/coverage-findings.js';
import { findingWords } from './contacts.presenter.js';
import { londonDateInput, moment } from '../presenters/london-time.js';
import { portalPaths } from '../presenters/paths.js';
import type { CoverageView } from './coverage.view-model.js';

/** A page of a size that a browser and a person can take; the CSV has them all. */
const ROWS = 100;
const NOBODY: readonly FindingKind[] = ['nobody', 'gap', 'mailbox-only'];
const DESK_NAMES: Readonly<Record<string, string>> = {
  triage: 'Triage desk',
  duty: 'Duty desk',
  'home-education': 'Home-education desk',
  'early-years': 'Early-years desk',
  operator: 'Operator’s desk',
};

export function presentCoverage(
  report: CoverageReport,
  shown: FindingKind | null,
  query: string,
): CoverageView {
  const { settings, counts, at } = report;
  const uncovered = settings.filter(({ findings }) =>
    findings.some(({ kind }) => NOBODY.includes(kind)),
  ).length;
  const href = (kind: FindingKind | null): string => {
    const parameters = new URLSearchParams(query);
    parameters.delete('show');
    if (kind) parameters.set('show', kind);
    const text = parameters.toString();
    return `${portalPaths.coverage()}${text ? `?${text}` : ''}`;
  };
  const wanted = settings
    .filter(({ findings }) => findings.some(({ kind }) => shown === null || kind === shown))
    .sort((a, b) => worst(a) - worst(b));
  return {
    authorityName: report.authority.name,
    asAt: moment(at),
    bad: uncovered > 0,
    headline:
      uncovered === 0
        ? `Somebody can be told at each of ${settings.length} settings in every hour of the next 7 days.`
        : `${uncovered} of ${settings.length} settings ${uncovered === 1 ? 'has' : 'have'} nobody who could be told for some hours of the next 7 days.`,
    filters: [
      { text: 'Everything', href: href(null), current: shown === null },
      ...FINDING_KINDS.filter((kind) => counts[kind] !== undefined).map((kind) => ({
        text: `${FINDING_WORDS[kind]} (${counts[kind]})`,
        href: href(kind),
        current: kind === shown,
      })),
    ],
    rows: wanted.slice(0, ROWS).map((setting) => ({
      name: setting.name,
      urn: setting.urn,
      href: portalPaths.placeContacts(setting.urn),
      contacts: setting.contacts === 1 ? '1 contact' : `${setting.contacts} contacts`,
      findings: setting.findings
        .filter(({ kind }) => shown === null || kind === shown)
        .map((finding) => ({
          heading: FINDING_WORDS[finding.kind],
          words: findingWords(finding, at),
          urgent: URGENT_KINDS.includes(finding.kind),
        })),
    })),
    more: Math.max(0, wanted.length - ROWS),
    desks: report.desks.map(({ kind, id, contacts, reachable }) => ({
      name: DESK_NAMES[kind] ?? kind,
      state: deskWords(kind, id !== null, contacts, reachable),
      tone:
        id === null
          ? kind === 'triage' || kind === 'duty'
            ? 'bad'
            : 'absent'
          : reachable > 0
            ? 'good'
            : 'bad',
      href: id === null ? null : portalPaths.placeContacts(id),
      addKind: id === null && kind !== 'operator' ? kind : null,
    })),
    csvHref: `${portalPaths.coverageCsv()}${query ? `?${query}` : ''}`,
    errors: [],
  };
}

export function coverageFileName(report: CoverageReport): string {
  return `coverage-${report.authority.code}-${londonDateInput(report.at)}.csv`;
}

/** A line for each finding; a setting without any has one too, so that the file says who was looked at. */
export function coverageCsv(report: CoverageReport): string {
  return csvFile(
    ['authority', 'urn', 'setting', 'contacts', 'finding', 'from', 'to', 'detail', 'people'],
    report.settings.flatMap((setting) => {
      const start = [report.authority.code, setting.urn, setting.name, setting.contacts];
      if (setting.findings.length === 0) return [[...start, 'none', null, null, '', '']];
      return setting.findings.map(({ kind, from, to, words, names }) => [
        ...start,
        kind,
        from,
        to,
        words,
        names.join('; '),
      ]);
    }),
  );
}

function worst({ findings }: CoveredSetting): number {
  return Math.min(...findings.map(({ kind }) => FINDING_KINDS.indexOf(kind)));
}

function deskWords(kind: string, there: boolean, contacts: number, reachable: number): string {
  if (!there) {
    return kind === 'triage' || kind === 'duty'
      ? 'not set up: its notices go to the installation’s operator'
      : 'not set up: its notices go to the triage desk';
  }
  if (contacts === 0) return 'nobody is at this desk: its notices reach nobody';
  if (reachable === 0) return 'nobody at this desk has an address that works';
  return `${reachable} of ${contacts} can be reached`;
}
