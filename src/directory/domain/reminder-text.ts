export type ReminderKind = 'setting-gap' | 'authority-gaps' | 'attestation';

/** A lock screen shows it to whoever stands there: no name, no school, no child. */
export function reminderText(
  kind: ReminderKind,
  settings: number,
  signInUrl: string,
): { subject: string; text: string } {
  const where = `Sign in: ${signInUrl}\n`;
  if (kind === 'attestation') {
    return {
      subject: 'Are your safeguarding contacts still right?',
      text:
        'Once a term Firstbell asks whether the people who are told about a safeguarding notice are still the right ones. ' +
        `It is one button, under "Contacts".\n\n${where}`,
    };
  }
  if (kind === 'setting-gap') {
    return {
      subject: 'In the next 7 days nobody at your setting could read a safeguarding notice',
      text:
        'For some hours of the next 7 days nobody at your setting could be told and read a safeguarding notice. ' +
        `Under "Contacts" you see when and why, and can name cover or mend an address.\n\n${where}`,
    };
  }
  const many = settings === 1 ? '1 setting has' : `${settings} settings have`;
  return {
    subject: `${many} nobody to read a safeguarding notice for some hours of the next 7 days`,
    text:
      `${many} nobody who could be told and read a safeguarding notice for some hours of the next 7 days. ` +
      'Their heads and Designated Safeguarding Leads were told where they can be reached. ' +
      `Under "Coverage" you see which, when and why.\n\n${where}`,
  };
}
