/** The police's grade of risk to the adult. Never computed here. */
export const RISK_GRADES = ['standard', 'medium', 'high', 'not-assessed'] as const;
export type RiskGrade = (typeof RISK_GRADES)[number];

/** `not-assessed` is treated as HIGH everywhere. */
export function isHigh(risk: RiskGrade): boolean {
  return risk === 'high' || risk === 'not-assessed';
}
