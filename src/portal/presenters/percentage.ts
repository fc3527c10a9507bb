/** A share with its numerator and denominator always beside it; `percent` is null when nothing was counted. */
export interface Share {
  readonly numerator: number;
  readonly denominator: number;
  readonly percent: number | null;
  /** "83 %", or "No notices yet". */
  readonly headline: string;
  /** "5 of 6 notices"; empty when nothing was counted. */
  readonly basis: string;
}

/**
 * Rounds to whole per cent, but says 100 only when every one counted and 0 only when none did,
 * so that rounding never hides the one notice that was missed.
 */
export function shareOf(numerator: number, denominator: number, noun = 'notice'): Share {
  if (denominator <= 0) {
    return { numerator, denominator, percent: null, headline: `No ${noun}s yet`, basis: '' };
  }
  const rounded = Math.round((numerator / denominator) * 100);
  let percent = rounded;
  if (rounded === 100 && numerator < denominator) percent = 99;
  if (rounded === 0 && numerator > 0) percent = 1;
  const basis = `${numerator} of ${denominator} ${noun}${denominator === 1 ? '' : 's'}`;
  return { numerator, denominator, percent, headline: `${percent} %`, basis };
}
