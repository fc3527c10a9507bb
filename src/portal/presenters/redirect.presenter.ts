import type { Whereabouts } from '../../notices/domain/whereabouts.js';
import type { Candidate } from './authority.view-model.js';
import type { NoticeContent } from './notice-content.js';
import { childName } from './notice-content.js';
import { followUpsEnd } from './message.presenter.js';
import { bornWords } from './notice-facts.js';
import type { NoticeRecord } from './notice.presenter.js';
import type { FieldError } from './page-context.view-model.js';
import type { RedirectView } from './redirect.view-model.js';

/** A sentence or two about where the child is now. */
const LONGEST_WORDS = 2_000;
/** The longest name of a school with room to spare. */
const LONGEST_SEARCH = 200;

export const WHERE_WORDS = {
  setting: 'At another school, college or nursery',
  'other-area': 'In another area',
  'home-educated': 'Home educated',
  'not-known': 'I do not know',
} as const;

export interface RedirectForm {
  readonly where: string;
  readonly search: string;
  readonly urn: string;
  readonly words: string;
  readonly errors: readonly FieldError[];
}

export function emptyRedirect(): RedirectForm {
  return { where: '', search: '', urn: '', words: '', errors: [] };
}

/** Reads the POST body. Looking for a setting is no decision: it shows the page again. */
export function readRedirectForm(body: Record<string, unknown>): {
  values: RedirectForm;
  searching: boolean;
  errors: FieldError[];
} {
  const text = (name: string, longest: number): string =>
    typeof body[name] === 'string' ? body[name].trim().slice(0, longest) : '';
  const values = {
    where: text('where', 20),
    search: text('q', LONGEST_SEARCH),
    urn: text('urn', 20),
    words: text('words', LONGEST_WORDS),
    errors: [],
  };
  if (body['do'] === 'find')
    return { values: { ...values, where: 'setting' }, searching: true, errors: findErrors(values) };
  const errors: FieldError[] = [];
  if (!Object.hasOwn(WHERE_WORDS, values.where)) {
    errors.push({ field: 'where', text: 'Choose where the child is now, or “I do not know”' });
  } else if (values.where === 'setting' && values.urn === '') {
    errors.push({ field: 'q', text: 'Find the setting and choose it, or choose “I do not know”' });
  }
  return { values, searching: false, errors };
}

function findErrors({ search }: { search: string }): FieldError[] {
  return search === '' ? [{ field: 'q', text: 'Type a name, a URN or a postcode' }] : [];
}

/** @param values checked by `readRedirectForm` */
export function whereaboutsOf({ where, urn }: RedirectForm): Whereabouts {
  if (where === 'setting') return { kind: 'setting', urn };
  if (where === 'other-area' || where === 'home-educated') return { kind: where };
  return { kind: 'not-known' };
}

export function presentRedirect(
  notice: NoticeRecord,
  content: NoticeContent,
  form: RedirectForm,
  found: readonly Candidate[] | null,
  followUps = 0,
): RedirectView {
  return {
    id: notice.id,
    reference: notice.reference,
    testNotice: notice.testNotice,
    settingName: notice.settingName,
    child: { name: childName(content.child), born: bornWords(content.child) },
    ...form,
    found,
    followUpsEnd: followUps > 0 ? followUpsEnd(followUps) : null,
  };
}
