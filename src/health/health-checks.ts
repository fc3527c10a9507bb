import { Injectable } from '@nestjs/common';

/** One reason why this process may not be fit to take work. */
export interface HealthCheck {
  /** `database`, `clock`, `queue`: a word for the operator's dashboard. */
  readonly name: string;
  /** @returns what is wrong, without personal data or secrets, or null. A throw counts as wrong. */
  check(): Promise<string | null>;
}

export interface Readiness {
  ready: boolean;
  checks: Record<string, { ok: boolean; reason?: string }>;
}

const LIMIT_MS = 3_000;

/** Features register theirs when they start; `/health/ready` and `doctor` ask all of them. */
@Injectable()
export class HealthChecks {
  private readonly checks: HealthCheck[] = [];

  register(check: HealthCheck): void {
    this.checks.push(check);
  }

  async readiness(): Promise<Readiness> {
    const results = await Promise.all(
      this.checks.map(async (check) => [check.name, await outcome(check)] as const),
    );
    return { ready: results.every(([, result]) => result.ok), checks: Object.fromEntries(results) };
  }
}

/** A store that hangs must not hang the answer: a load balancer would wait, and then guess. */
async function outcome(check: HealthCheck): Promise<{ ok: boolean; reason?: string }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${LIMIT_MS / 1000} seconds`), LIMIT_MS);
  });
  try {
    const reason = await Promise.race([check.check(), late]);
    return reason === null ? { ok: true } : { ok: false, reason };
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    return { ok: false, reason: `failed${typeof code === 'string' ? ` (${code})` : ''}` };
  } finally {
    clearTimeout(timer);
  }
}
