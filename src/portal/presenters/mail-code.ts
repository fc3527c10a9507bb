/** The sign-in code in a caught mail: a line of its own of six to eight digits (spaces allowed), else null. */
export function codeInMail(text: string): string | null {
  const line = text
    .split(/\r?\n/)
    .map((candidate) => candidate.trim())
    .find((candidate) => /^\d[\d ]{4,8}\d$/.test(candidate));
  const code = (line ?? /\bcode(?: is)?:? +(\d{6,8})\b/i.exec(text)?.[1])?.replaceAll(' ', '');
  return code && /^\d{6,8}$/.test(code) ? code : null;
}
