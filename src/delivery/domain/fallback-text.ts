/** For whoever stands in for a desk that cannot be told; as every mail, it names nobody and nothing. */
export function fallbackText(
  references: readonly string[],
  signInUrl: string,
): { subject: string; text: string } {
  const many = references.length > 1;
  const what = many ? `${references.length} safeguarding notices wait` : 'A safeguarding notice waits';
  return {
    subject: `${what} and nobody at the desk can be told${many ? '' : ` (${references[0]})`}`,
    text: [
      `${what}, and no address of the authority’s desk works. You are told because yours is the fallback address.`,
      'Telephone the authority’s duty desk now and give it the reference; somebody there must sign in and read it.',
      `${many ? 'References' : 'Reference'} ${references.join(', ')}. Sign in: ${signInUrl}`,
      '',
    ].join('\n'),
  };
}
