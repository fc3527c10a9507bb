import { andTests, referencesOf, testsApart } from './tests-apart.js';

export interface FallbackItem {
  reference: string;
  /** False where somebody has read it, and what must follow has not. */
  unread: boolean;
  test: boolean;
}

/**
 * For whoever stands in for a desk that cannot be told; as every mail, it names nobody and nothing.
 * @param items at least one
 */
export function fallbackText(
  items: readonly FallbackItem[],
  signInUrl: string,
): { subject: string; text: string } {
  const apart = testsApart(items);
  const { about, mark } = apart;
  const counted = distinct(about);
  const references = referencesOf(apart);
  const many = counted.length > 1;
  const what = many ? `${counted.length} safeguarding notices wait` : 'A safeguarding notice waits';
  return {
    subject: `${mark}${what} and nobody at the desk can be told${many ? '' : ` (${counted[0]})`}${andTests(apart)}`,
    text: [
      `${mark}${what}, and no address of the authority’s desk works. You are told because yours is the fallback address.`,
      `Telephone the authority’s duty desk now and give it the reference${many ? 's' : ''}; ${todo(about)}`,
      `${references.length > 1 ? 'References' : 'Reference'} ${references.join(', ')}. Sign in: ${signInUrl}`,
      '',
    ].join('\n'),
  };
}

function todo(items: readonly FallbackItem[]): string {
  const unread = distinct(items.filter((item) => item.unread));
  const read = distinct(items.filter((item) => !item.unread));
  const one = unread.length + read.length === 1;
  if (read.length === 0) return `somebody there must sign in and read ${one ? 'it' : 'them'}.`;
  if (unread.length > 0) {
    return `somebody there must sign in, read ${unread.join(', ')} and see what has not been done about ${read.join(', ')}.`;
  }
  return one
    ? 'it has been read, and somebody there must sign in and see what has not been done about it.'
    : 'they have been read, and somebody there must sign in and see what has not been done about them.';
}

function distinct(items: readonly FallbackItem[]): string[] {
  return [...new Set(items.map(({ reference }) => reference))];
}
