import { normaliseName } from '../../sealing/normalise-name.js';

/** Words that forces write where a forename is not known. Compared as `normaliseName` spells them. */
const NO_NAME = new Set(['baby', 'babyboy', 'babygirl', 'unborn', 'unbornbaby', 'newborn', 'infant', 'child', 'boy', 'girl',
  'male', 'female', 'unknown', 'notknown', 'notgiven', 'notstated', 'nk', 'na', 'none', 'tbc', 'tbd', 'x', 'xx', 'xxx']); // prettier-ignore

export type NameCompleteness = 'full' | 'partial' | 'missing';

/** Whether a child can be looked for by name. A partial or missing name is kept, warned about and sent to triage. */
export function nameCompleteness(child: {
  forename?: string | null;
  surname?: string | null;
}): NameCompleteness {
  const known = Number(isName(child.forename)) + Number(isName(child.surname));
  return known === 2 ? 'full' : known === 1 ? 'partial' : 'missing';
}

export function isName(name: string | null | undefined): boolean {
  const normalised = normaliseName(name ?? '');
  return normalised !== '' && !NO_NAME.has(normalised);
}
