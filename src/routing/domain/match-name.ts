import { homeAuthorityOf } from './choose-desk.js';
import { reason } from './reasons.js';
import { scoreCandidates, type ScoredSetting } from './score-candidates.js';
import { type ChildToRoute, type RoutingFacts, type RoutingReason } from './routing.types.js';

export interface NameMatch {
  /** The one setting the stated words certainly mean, or null. */
  certain: ScoredSetting | null;
  /** Best first. */
  scored: ScoredSetting[];
  score: number | null;
  margin: number | null;
  reasons: RoutingReason[];
}

/** A tie is never certain, whatever an authority has set. */
const SMALLEST_MARGIN = 0.02;

/**
 * Judges the stated words. Certain means: above the threshold, clear of the runner-up, the place agrees (authority,
 * postcode district or named town) and the age does.
 */
export function matchName(child: ChildToRoute, facts: RoutingFacts): NameMatch {
  const scored = scoreCandidates(child, facts, homeAuthorityOf(child, facts));
  const [best, second] = scored;
  if (!best) return { certain: null, scored, score: null, margin: null, reasons: [reason('name-unknown')] };
  const margin = Math.round((best.score - (second?.score ?? 0)) * 1000) / 1000;
  const clear =
    best.score >= facts.thresholds.automatic && margin >= Math.max(facts.thresholds.margin, SMALLEST_MARGIN);
  const known = { scored, score: best.score, margin };
  if (clear && best.placed && best.ageFits) {
    const code = best.byAlias ? 'alias' : best.formerName ? 'former-name' : 'name-match';
    return { ...known, certain: best, reasons: [reason(code)] };
  }
  const reasons = [reason('name-unclear'), ...(best.ageFits ? [] : [reason('age-contradicts')])];
  return { ...known, certain: null, reasons };
}
