const MAIL_ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]+$/;
const LONGEST_MAIL_ADDRESS = 254;
const INTERNATIONAL = /^\+[1-9]\d{8,14}$/;

export function isMailAddress(text: string): boolean {
  return text.length <= LONGEST_MAIL_ADDRESS && MAIL_ADDRESS.test(text);
}

/** As +44...; null when it is not a telephone number. Spaces, dots, hyphens and brackets do not matter. */
export function internationalNumber(text: string): string | null {
  const digits = text.replace(/[\s().-]/g, '').replace(/^00/, '+');
  const international = digits.startsWith('0') ? `+44${digits.slice(1)}` : digits;
  return INTERNATIONAL.test(international) ? international : null;
}
