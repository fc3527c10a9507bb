import { deliveryPromises } from './delivery.js';
import type { Evidence, Finding } from './evidence.js';
import { keptPromises } from './kept.js';
import { ladderPromises } from './ladder.js';
import { latenessPromises } from './lateness.js';
import { recordPromises } from './record.js';

/** Everything that was promised, held against everything that is known. */
export function reconcile(evidence: Evidence): Finding[] {
  return [
    ...keptPromises(evidence),
    ...ladderPromises(evidence),
    ...latenessPromises(evidence),
    ...deliveryPromises(evidence),
    ...recordPromises(evidence),
  ];
}
