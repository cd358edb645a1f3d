import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Numbers for Prometheus. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Histogram<'method' | 'route' | 'status'>;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Histogram({
      name: 'parley_http_request_seconds',
      help: 'Time to answer HTTP requests',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers: [this.registry],
    });
  }

  /** One answered request; `seconds` from its arrival to its answer. */
  request(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status }, seconds);
  }

  /** Publishes the numbers of a part of Parley, read when they are asked for: `parley_<part>_<name>`. */
  watch(part: string, help: string, read: () => object): void {
    const names = Object.entries(read()).filter(([, value]) => typeof value === 'number');
    for (const [name] of names) {
      new Gauge({
        name: `parley_${part}_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
        help: `${help}: ${name}`,
        registers: [this.registry],
        collect() {
          this.set(Number((read() as Record<string, unknown>)[name] ?? 0));
        },
      });
    }
  }

  /** Publishes numbers of things that have names, under the label `name`. */
  watchEach<T extends { name: string }>(
    part: string,
    help: string,
    fields: readonly (keyof T & string)[],
    read: () => readonly T[],
  ): void {
    for (const field of fields) {
      new Gauge({
        name: `parley_${part}_${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
        help: `${help}: ${field}`,
        labelNames: ['name'],
        registers: [this.registry],
        collect() {
          for (const item of read()) this.set({ name: item.name }, Number(item[field] ?? 0));
        },
      });
    }
  }
}
