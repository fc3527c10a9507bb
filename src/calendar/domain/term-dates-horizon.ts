import { addDays, type IsoDate } from './iso-date.js';

/** Term dates are asked for this long before they end. */
const ENOUGH_DAYS = 42;

/** What has to be done about an authority's term dates; null when nothing has. */
export function termDatesProblem(until: IsoDate | null, today: IsoDate): 'none' | 'end-soon' | null {
  if (until === null) return 'none';
  return until < addDays(today, ENOUGH_DAYS) ? 'end-soon' : null;
}
