/** The force's own reference and where to look; nothing of the child, the school or what comes next. */
export function handedBackMail(forceReference: string, publicUrl: string): { subject: string; text: string } {
  return {
    subject: 'Firstbell: a school has handed a notification of yours back',
    text: [
      `A school has told Firstbell that a child of your notification ${forceReference} is not its pupil.`,
      'The authority’s desk has it now, and its clock runs on: you need to send nothing.',
      'Please correct the school in your own records.',
      '',
      `What became of it: ${publicUrl}/force`,
      '',
    ].join('\n'),
  };
}
