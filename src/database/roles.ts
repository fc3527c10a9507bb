/** The role the application connects as: owns nothing, bypasses nothing. Made by the operator (or the embedded default). */
export const APP_ROLE = 'firstbell_app';
