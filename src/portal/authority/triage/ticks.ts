import { isUuid } from '../../../common/ids.js';
import { MOST_AT_ONCE } from './each-notice.service.js';

type Form = Record<string, unknown>;
const GROUP = /^g\d{1,3}$/;

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
}

/** The ids of one group as they stood on the screen: a child that joined it since is not meant. */
export function idsOfGroup(form: Form, key: string): string[] {
  return GROUP.test(key) ? idsIn(texts(form[key]).join(' ')) : idsIn(key);
}

/** Every tick, of a child or of a whole group, each id once. */
export function tickedIds(form: Form): string[] {
  const ids = texts(form['t']).flatMap((tick) => idsOfGroup(form, tick));
  return [...new Set(ids)].slice(0, MOST_AT_ONCE);
}

/** Children that a colleague had when the page was shown: shown again, and meant by no button. */
export function leftOutIds(form: Form): string[] {
  return idsIn(texts(form['left']).join(' '));
}

function idsIn(text: string): string[] {
  return text
    .split(/\s+/)
    .filter((one) => isUuid(one))
    .map((one) => one.toLowerCase());
}

/** `assign:900123:g4` -> its parts; the button that was pressed says what to do. */
export function pressed(form: Form): { verb: string; rest: string[] } {
  const [verb = '', ...rest] = (texts(form['do']).at(-1) ?? '').split(':');
  return { verb, rest };
}

export function textOf(form: Form, name: string, longest = 200): string {
  return (texts(form[name]).at(-1) ?? '').trim().slice(0, longest);
}
