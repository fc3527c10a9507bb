/** A line of a roll that may be the child asked for. Dates are YYYY-MM-DD. */
export interface PupilMatch {
  entryId: string;
  urn: string;
  /** Full name and date of birth, or UPN and date of birth, are the same. Everything else only suggests. */
  exact: boolean;
  /** Of a match that is not exact: plain words, no personal data. */
  why: string;
  startsOn: string | null;
  endsOn: string | null;
  /** The setting said "not our pupil" after this line was imported. */
  suspected: boolean;
  upn: string | null;
  /** Compact, upper case. */
  postcode: string | null;
  /** ISO weekdays on which a part-time child comes; null: every day on which the setting opens. */
  attends: readonly number[] | null;
}

export interface PupilAnswer {
  /** Where the child is on the roll today; several with dual registration. */
  urns: string[];
  /** More than one child has this name and birthday, and nothing tells which is meant. */
  ambiguous: boolean;
  /** Where it was, and is no more. */
  left: string[];
  suggestions: { urn: string; why: string }[];
}

const MOST_SUGGESTIONS = 5;

/** What the rolls say of one child. Pure. */
export function answerFrom(
  matches: readonly PupilMatch[],
  asked: { upn: string | null; postcode: string | null },
  today: string,
): PupilAnswer {
  const exact = matches.filter((one) => one.exact);
  const current = exact.filter((one) => isCurrent(one, today));
  const children = sameChildren(current);
  const [meant, ...others] = told(children, asked);
  const chosen = others.length === 0 ? (meant ?? []) : current;
  const urns = distinct(chosen.map(({ urn }) => urn));
  const ambiguous = others.length > 0 && urns.length > 1;
  const left = distinct(exact.filter((one) => !current.includes(one)).map(({ urn }) => urn)).filter(
    (urn) => !urns.includes(urn),
  );
  const nearly = matches.filter((one) => !one.exact && isCurrent(one, today));
  const suggestions = [
    ...nearly.map(({ urn, why }) => ({ urn, why })),
    ...left.map((urn) => ({ urn, why: 'was on this roll, and is no more' })),
  ].filter(({ urn }, at, all) => !urns.includes(urn) && all.findIndex((one) => one.urn === urn) === at);
  return { urns, ambiguous, left, suggestions: suggestions.slice(0, MOST_SUGGESTIONS) };
}

/**
 * On which days of the week the child comes to this setting, by its own roll; null: every day on which it opens, or not known. Where
 * two lines differ, every day that either names: too early is the safe side.
 */
export function attendanceAt(
  matches: readonly PupilMatch[],
  asked: { urn: string; upn: string | null },
  today: string,
): number[] | null {
  const another = (one: PupilMatch): boolean =>
    asked.upn !== null && one.upn !== null && one.upn !== asked.upn;
  const lines = matches.filter(
    (one) => one.exact && one.urn === asked.urn && !another(one) && isCurrent(one, today),
  );
  const days = lines.map(({ attends }) => attends);
  if (days.length === 0 || days.includes(null)) return null;
  const all = [...new Set(days.flatMap((some) => some ?? []))].sort((a, b) => a - b);
  return all.length === 7 ? null : all;
}

export function isCurrent(
  one: Pick<PupilMatch, 'startsOn' | 'endsOn' | 'suspected'>,
  today: string,
): boolean {
  return (
    !one.suspected &&
    (one.startsOn === null || one.startsOn <= today) &&
    (one.endsOn === null || one.endsOn >= today)
  );
}

/** Groups lines that are certainly one child: same UPN, or (where one has none) same postcode, or the same setting. */
function sameChildren(matches: readonly PupilMatch[]): PupilMatch[][] {
  const groups: PupilMatch[][] = [];
  for (const one of matches) {
    const known = groups.filter((group) => group.some((other) => isSameChild(one, other)));
    const merged = [...known.flat(), one];
    for (const group of known) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups;
}

function isSameChild(a: PupilMatch, b: PupilMatch): boolean {
  if (a.urn === b.urn) return true;
  if (a.upn !== null && b.upn !== null) return a.upn === b.upn;
  return a.postcode !== null && a.postcode === b.postcode;
}

/** The one child that the UPN, else the home postcode, points to; all of them when neither does. */
function told(
  groups: PupilMatch[][],
  asked: { upn: string | null; postcode: string | null },
): PupilMatch[][] {
  if (groups.length < 2) return groups;
  for (const pick of ['upn', 'postcode'] as const) {
    const value = asked[pick];
    const alike = value === null ? [] : groups.filter((group) => group.some((one) => one[pick] === value));
    if (alike.length === 1) return alike;
  }
  return groups;
}

const distinct = (urns: readonly string[]): string[] => [...new Set(urns)].sort();
