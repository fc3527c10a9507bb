import { normaliseName, normalisedWords } from '../../sealing/normalise-name.js';
import type { ChildDto } from '../dto/child.dto.js';
import type { Fault } from '../dto/compile-rules.js';
import type { NotificationDto } from '../dto/notification.dto.js';
import { isName } from './child-name.js';
import { mentionsSchool, schoolsNamedIn, tellingWords } from './named-schools.js';
import { shownTexts, type ShownText } from './shown-texts.js';
import { wordsOf, type TextWord } from './text-words.js';

/** Texts that would tell one child's school of another child of the notification, or of a school that is not its own. */
export function leakWarnings(notification: NotificationDto): Fault[] {
  const people = notification.children.map(personOf);
  const stated = new Set(people.flatMap(({ school }) => [...school]));
  return shownTexts(notification).flatMap((shown) => {
    // Most notifications name one child and no school: their texts need no reading word by word.
    if (people.length < 2 && !mentionsSchool(shown.text)) return [];
    const words = wordsOf(shown.text);
    return [...otherChild(shown, words, people), ...otherSchool(shown, words, people, stated)];
  });
}

interface Person {
  /** Words by which a text may call the child. */
  readonly calledBy: ReadonlySet<string>;
  /** Telling words of the stated school; empty when none is stated. */
  readonly school: ReadonlySet<string>;
}

function personOf(child: ChildDto): Person {
  const names = [child.forename, ...(child.knownAs ?? [])].filter((name) => isName(name));
  const calledBy = names.flatMap((name) => [normalisedWords(name ?? '')[0] ?? '', normaliseName(name ?? '')]);
  return {
    calledBy: new Set(calledBy.filter((name) => name.length > 1)),
    school: new Set(tellingWords(child.schoolStated ?? '')),
  };
}

function otherChild(
  { pointer, readers }: ShownText,
  words: readonly TextWord[],
  people: readonly Person[],
): Fault[] {
  if (people.length < 2) return [];
  const names = new Set(words.filter(({ looksLikeName }) => looksLikeName).map(({ word }) => word));
  const named = people.flatMap(({ calledBy }) => [...calledBy].filter((name) => names.has(name)));
  const leaks = readers.some((reader) => named.some((name) => !people[reader]?.calledBy.has(name)));
  const detail =
    'This text seems to name another child of the notification, and a school that only knows the first child may read it. Give each child its own circumstances, or send a new version without the name.';
  return leaks ? [{ pointer, code: 'text-names-another-child', detail }] : [];
}

function otherSchool(
  { pointer, readers }: ShownText,
  words: readonly TextWord[],
  people: readonly Person[],
  /** Telling words of every child's school. */
  stated: ReadonlySet<string>,
): Fault[] {
  const named = schoolsNamedIn(words);
  // Not once for each reader: a text can name tens of thousands of schools.
  const namesStated = named.some((school) => school.some((word) => stated.has(word)));
  const leaks = readers.some((reader) => {
    const own = people[reader]?.school ?? new Set();
    return own.size === 0 ? namesStated : named.some((school) => !school.some((word) => own.has(word)));
  });
  const detail =
    'This text seems to name a school other than the one stated, and the school of the child may read it. Send a new version without it if that school must not be known.';
  return leaks ? [{ pointer, code: 'text-names-another-school', detail }] : [];
}
