const MINUTE = 60_000;

function counted(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? '' : 's'}`;
}

/**
 * A length of time in words, rounded down to the minute so that time left is never overstated:
 * "1 hour 5 minutes", "2 days 3 hours"; under one minute: "less than a minute".
 */
export function durationInWords(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE);
  if (minutes < 1) return 'less than a minute';
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const rest = minutes % 60;
  const parts =
    days > 0
      ? [counted(days, 'day'), hours > 0 ? counted(hours, 'hour') : '']
      : [hours > 0 ? counted(hours, 'hour') : '', rest > 0 ? counted(rest, 'minute') : ''];
  return parts.filter((part) => part !== '').join(' ');
}

/** "1 hour 5 minutes left"; once the deadline has come: "20 minutes ago". At the very instant it counts as passed. */
export function timeLeftInWords(now: Date, deadline: Date): string {
  const left = deadline.getTime() - now.getTime();
  return left > 0 ? `${durationInWords(left)} left` : `${durationInWords(-left)} ago`;
}

/** True from the deadline's instant onwards: a deadline that has come unacknowledged is a missed bell. */
export function hasPassed(now: Date, deadline: Date): boolean {
  return now.getTime() >= deadline.getTime();
}
