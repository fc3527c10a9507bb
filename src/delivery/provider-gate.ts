import { Counter, Gauge, Histogram } from 'prom-client';
import type { Clock } from '../common/clock.js';
import type { Metrics } from '../health/metrics.js';
import type { ProviderName } from './domain/authority-sender.js';
import { DEFAULT_LIMITS, ProviderHealth, type Condition } from './domain/provider-health.js';
import { MailError } from './mail-sender.js';

/** Every sending passes here: each provider's health is known, and one that is down is asked by one probe at a time. */
export class ProviderGate {
  private readonly health = new Map<ProviderName, ProviderHealth>();
  private readonly seconds: Histogram<'provider' | 'outcome'>;
  private readonly held: Counter<'provider'>;

  constructor(
    private readonly clock: Clock,
    metrics: Metrics,
    private readonly slowSeconds: number,
  ) {
    const registers = [metrics.registry];
    this.seconds = new Histogram({
      name: 'firstbell_send_seconds',
      help: 'Time until a provider answered, by outcome.',
      labelNames: ['provider', 'outcome'] as const,
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    });
    this.held = new Counter({
      name: 'firstbell_sends_held_total',
      help: 'Sendings not tried because the provider is down and no probe was due.',
      labelNames: ['provider'] as const,
      registers,
    });
    const gate = (name: ProviderName): Condition => this.condition(name);
    const known = (): Iterable<ProviderName> => this.health.keys();
    new Gauge({
      name: 'firstbell_provider_condition',
      help: '1: well, 0.5: slow, 0: down, as this process sees it.',
      labelNames: ['provider'] as const,
      registers,
      collect() {
        for (const name of known()) this.set({ provider: name }, CONDITION_NUMBERS[gate(name)]);
      },
    });
  }

  condition(name: ProviderName): Condition {
    return this.of(name).condition(this.now());
  }

  /** @returns when to come back to a provider that is down; null when it may be asked now */
  heldUntil(name: ProviderName): Date | null {
    const at = this.of(name).heldUntil(this.now());
    return at === null ? null : new Date(at);
  }

  /**
   * @throws MailError transient with `retryAt` when the provider is down and no probe is due; whatever `send` throws
   */
  async through<T>(name: ProviderName, send: () => Promise<T>): Promise<T> {
    const health = this.of(name);
    const ticket = health.admit(this.now());
    if (ticket === null) {
      this.held.inc({ provider: name });
      throw new MailError('transient', 'PROVIDER-DOWN', {
        retryAt: this.heldUntil(name) ?? this.clock.realNow(),
      });
    }
    const stop = this.seconds.startTimer({ provider: name });
    let ok = true;
    let outcome = 'accepted';
    try {
      return await send();
    } catch (error) {
      ok = error instanceof MailError && error.blames === 'address';
      outcome = error instanceof MailError ? error.fault : 'error';
      throw error;
    } finally {
      stop({ outcome });
      health.observe(ticket, this.now(), ok);
    }
  }

  private of(name: ProviderName): ProviderHealth {
    let health = this.health.get(name);
    if (!health) {
      health = new ProviderHealth({ ...DEFAULT_LIMITS, slowMilliseconds: this.slowSeconds * 1_000 });
      this.health.set(name, health);
    }
    return health;
  }

  /** Real time: a provider does not know ours. */
  private now(): number {
    return this.clock.realNow().getTime();
  }
}

const CONDITION_NUMBERS: Readonly<Record<Condition, number>> = { well: 1, slow: 0.5, down: 0 };
