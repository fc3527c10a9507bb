const TIMEOUT_MS = 10_000;

/**
 * Calls the address of the outside watchman, which sounds the alarm when the calls stop.
 * @returns what went wrong, or null
 */
export async function ping(url: string): Promise<string | null> {
  try {
    const answer = await fetch(url, {
      method: 'GET',
      redirect: 'error',
      headers: { 'user-agent': 'firstbell-heartbeat' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return answer.ok ? null : `status ${answer.status}`;
  } catch (error) {
    const cause = (error as { cause?: { code?: unknown } }).cause?.code;
    // Never the message: it can quote the address, and that is a secret.
    return typeof cause === 'string' ? cause : error instanceof Error ? error.name : 'failed';
  }
}
