/** Real notices and test notices that go as one message. */
export interface TestsApart<Item> {
  /** What the message counts and takes its deadline from: the real ones, or the tests where there is nothing else. */
  readonly about: readonly Item[];
  /** Tests beside real ones: counted apart, or a reader looks for one child too many. */
  readonly besides: readonly Item[];
  /** Before the first word when all are tests; never of a message with a real one, which must not look like a test. */
  readonly mark: '' | 'TEST: ';
}

export function testsApart<Item extends { readonly test: boolean }>(
  items: readonly Item[],
): TestsApart<Item> {
  const about = items.filter(({ test }) => !test);
  if (about.length === 0) return { about: items, besides: [], mark: 'TEST: ' };
  return { about, besides: items.filter(({ test }) => test), mark: '' };
}

/** " (and 1 TEST)"; empty where no test travels with real notices. */
export function andTests({ besides }: Pick<TestsApart<unknown>, 'besides'>): string {
  return besides.length === 0 ? '' : ` (and ${besides.length} TEST)`;
}

/** Each once; beside real ones a test is marked by itself. */
export function referencesOf({ about, besides }: TestsApart<{ readonly reference: string }>): string[] {
  const marked = besides.map(({ reference }) => `${reference} (TEST)`);
  return [...new Set([...about.map(({ reference }) => reference), ...marked])];
}
