import { readFile } from 'node:fs/promises';
import { CommandFailed, WrongUse } from '../common/command-line.js';
import { DomainError } from '../common/errors.js';
import { InvalidPolicyError } from './domain/policy.js';

/** A policy, or members of one, as JSON. */
export async function policyFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new WrongUse(`${path} cannot be read.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new WrongUse(
      `${path} is not JSON: ${error instanceof Error ? error.message : 'it cannot be parsed'}`,
    );
  }
}

/** For the person at the terminal: every problem of a policy on a line of its own. */
export async function saysWhatIsWrong<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InvalidPolicyError) {
      throw new CommandFailed(
        ['This policy cannot be used:', ...error.problems.map((problem) => `  ${problem}`)].join('\n'),
        { problems: error.problems },
      );
    }
    if (error instanceof DomainError) throw new CommandFailed(error.message, { code: error.code });
    throw error;
  }
}
