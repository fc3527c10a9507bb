/** Longest texts in UTF-16 units. Generous: a refused notification is a child nobody hears of. */

/** 200 letters of any script, also of those that take two units each */
export const NAME = 400;
/** References, numbers and short phrases */
export const PHRASE = 100;
export const CODE = 40;
/** No bound of its own: the body's 256 KiB is the limit. */
export const LONG_TEXT = 262_144;
