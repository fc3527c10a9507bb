import type { GuidanceTexts } from './notice.view-model.js';

/** Stands on the notice page and on every printed page of it (design.md, issue "The DSL's minute"). */
export const SAFEGUARDING_FILE_ONLY =
  'Safeguarding file only: not the pupil record or a parent portal. Take advice before disclosing, including to anyone with parental responsibility.';

/** Practice differs between areas, so each authority may set its own words; these are the cautious ones. */
export const DEFAULT_GUIDANCE: GuidanceTexts = {
  contactGuidance: 'Do not contact parents because of this notice without advice.',
  helpline:
    'School staff can talk a notice through with an educational psychologist: 0204 513 9990. Your authority can tell you the hours.',
  professionalDifference:
    'If you disagree with another agency’s decision about this child, say so and keep a record: use your partnership’s way to resolve a professional difference.',
};
