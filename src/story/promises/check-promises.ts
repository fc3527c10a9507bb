import { deliveryPromises } from './delivery.js';
import type { Evidence, Finding } from './finding.js';
import { keptPromises } from './kept.js';
import { ladderPromises } from './ladder.js';
import { outcomePromises } from './outcome.js';
import { recordPromises } from './record.js';
import { relationPromises } from './relations.js';
import { secrecyPromises } from './secrecy.js';

const CHECKS: readonly ((evidence: Evidence) => Promise<Finding[]>)[] = [
  keptPromises,
  ladderPromises,
  deliveryPromises,
  outcomePromises,
  relationPromises,
  secrecyPromises,
  recordPromises,
];

export async function checkPromises(evidence: Evidence): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of CHECKS) findings.push(...(await check(evidence)));
  return findings;
}
