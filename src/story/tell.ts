import { isHeld, type Finding } from './promises/finding.js';

const MOST_SHOWN = 5;

/** The promises with what was looked at, and what broke. */
export function promiseTable(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map((finding) => finding.promise.length));
  return findings.flatMap((finding) => {
    const verdict = isHeld(finding) ? 'held  ' : 'BROKEN';
    const line = `  ${verdict}  ${finding.promise.padEnd(width)}  ${finding.looked} ${finding.at}`;
    if (isHeld(finding)) return [line];
    const broken = finding.looked === 0 ? ['nothing was there to look at'] : [...finding.broken];
    const more = broken.length - MOST_SHOWN;
    return [
      line,
      ...broken.slice(0, MOST_SHOWN).map((text) => `            ${text.replace(/\s+/g, ' ')}`),
      ...(more > 0 ? [`            and ${more} more`] : []),
    ];
  });
}
