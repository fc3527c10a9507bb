/** Dates that a birthday is written as by mistake: day and month exchanged, two neighbouring digits swapped. Real dates only. */
export function dateSlips(date: string): string[] {
  const [year = '', month = '', day = ''] = date.split('-');
  const slips = new Set([
    `${year}-${day}-${month}`,
    `${year}-${month}-${swapped(day)}`,
    `${year}-${swapped(month)}-${day}`,
  ]);
  slips.add(`${year.slice(0, 2)}${swapped(year.slice(2))}-${month}-${day}`);
  for (const step of [-1, 1]) slips.add(`${Number(year) + step}-${month}-${day}`);
  slips.delete(date);
  return [...slips].filter(isDate).sort();
}

const swapped = (two: string): string => `${two[1] ?? ''}${two[0] ?? ''}`;

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
