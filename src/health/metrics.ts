import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** The process's metrics. Labels are names of things in the code (routes, queues, jobs), never of people or notices. */
export class Metrics {
  readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'firstbell_http_request_seconds',
    help: 'Time to answer a request, by route pattern.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  observeRequest(request: { method: string; route: string; status: number; milliseconds: number }): void {
    const { method, route, status, milliseconds } = request;
    this.requests.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, milliseconds / 1000);
  }
}
