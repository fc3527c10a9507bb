import { addDays, type IsoDate } from './iso-date.js';

export interface NationHorizon {
  nation: string;
  /** Last known bank holiday, forecast or official; null when there is none. */
  until: IsoDate | null;
  /** Last official one; null when gov.uk's list was never read. */
  officialUntil: IsoDate | null;
  /** Coming days that left the official list and wait for a person. */
  missing: number;
}

/** A year: a plan looks that far ahead, and gov.uk publishes two years and more. */
const ENOUGH_DAYS = 365;
/** Christmas is the last bank holiday of a year: a list up to it may end a week short of "a year ahead". */
const GRACE_DAYS = 31;

/** What has to be done about a nation's bank holidays; null when nothing has. The forecast alone is enough. */
export function horizonProblem(
  { nation, until, officialUntil, missing }: NationHorizon,
  today: IsoDate,
): string | null {
  const wanted = addDays(today, ENOUGH_DAYS - GRACE_DAYS);
  if (until === null || until < wanted)
    return `bank holidays of ${nation} are known until ${until ?? 'never'}, less than a year ahead: restart Firstbell, which forecasts ten years, or import gov.uk's list`;
  if (officialUntil !== null && officialUntil < wanted)
    return `gov.uk's list for ${nation} was last read up to ${officialUntil}, less than a year ahead: import the newest (firstbell calendar bank-holidays)`;
  if (missing > 0)
    return `${missing} coming bank holidays of ${nation} are no longer on gov.uk's list: look at the nation's calendar and remove what is wrong`;
  return null;
}
