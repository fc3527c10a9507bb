import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';

export interface Spread {
  p50: number;
  p95: number;
  p99: number;
  p999: number;
  max: number;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** Quantiles by nearest rank, so that each is a value that was really measured. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  const at = (q: number): number => round(sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), p999: at(0.999), max: at(1) };
}

export function rangeOf(values: readonly number[]): { min: number; median: number; max: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  const other = sorted[Math.ceil((sorted.length - 1) / 2)];
  return { min: round(sorted[0]), median: round((middle + other) / 2), max: round(sorted.at(-1)!) };
}

export interface Outgoing {
  body: string;
  token: string;
}

export interface LoadResult {
  requests: number;
  perSecond: number;
  /** Milliseconds, of every answered request. */
  latency: Spread;
  /** Answers other than 202, time-outs and broken connections. */
  not202: number;
}

export interface LoadOptions {
  url: string;
  connections: number;
  seconds: number;
  /** The next request; no two are alike. */
  next: () => Outgoing;
}

/** As many posts as the server takes: each connection sends its next request when the last is answered. */
export async function postAsFastAsPossible({
  url,
  connections,
  seconds,
  next,
}: LoadOptions): Promise<LoadResult> {
  const times: number[] = [];
  let accepted = 0;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const setupRequest = (outgoing: autocannon.Request): autocannon.Request => {
      const { body, token } = next();
      return { ...outgoing, headers: { ...headers, authorization: `Bearer ${token}` }, body };
    };
    const options = {
      url: `${url}/v1/notifications`,
      method: 'POST' as const,
      connections,
      duration: seconds,
      sampleInt: 100,
      requests: [{ setupRequest }],
    };
    const instance = autocannon(options, (error: Error | null, done) =>
      error ? reject(error) : resolve(done),
    );
    instance.on('response', (_client, status, _bytes, ms) => {
      times.push(ms);
      if (status === 202) accepted += 1;
    });
  });
  const not202 = times.length - accepted + result.errors;
  const perSecond = Math.round(accepted / result.duration);
  return { requests: times.length, perSecond, latency: spreadOf(times), not202 };
}

export interface Answered {
  status: number;
  bytes: number;
  /** Real milliseconds since the epoch, with fractions. */
  sentAt: number;
  answeredAt: number;
}

export const epochMs = (): number => performance.timeOrigin + performance.now();

/** A caller with kept-alive connections. */
export class Caller {
  private readonly agent: Agent;

  constructor(
    private readonly url: string,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  call(path: string, headers: Record<string, string>, body?: string): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const sentAt = epochMs();
      const method = body === undefined ? 'GET' : 'POST';
      const outgoing = request(new URL(path, this.url), { method, agent: this.agent, headers }, (answer) => {
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
        answer.once('error', reject);
        answer.once('end', () =>
          resolve({ status: answer.statusCode ?? 0, bytes, sentAt, answeredAt: epochMs() }),
        );
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  post({ body, token }: Outgoing): Promise<Answered> {
    return this.call(
      '/v1/notifications',
      { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body,
    );
  }

  close(): void {
    this.agent.destroy();
  }
}

/** Calls at a steady rate whatever the answers take: a slow answer delays no later call, and none is left out. */
export async function atRate<T>(
  perSecond: number,
  count: number,
  call: (index: number) => Promise<T>,
): Promise<T[]> {
  const began = performance.now();
  const calls: Promise<T>[] = [];
  for (let index = 0; index < count; index += 1) {
    const wait = began + (index * 1_000) / perSecond - performance.now();
    if (wait > 0) await sleep(wait);
    calls.push(call(index));
  }
  return Promise.all(calls);
}
