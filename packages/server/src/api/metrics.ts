import { collectDefaultMetrics, Gauge, type Metric, Registry } from 'prom-client';
import { RequestTimes } from './request-times.ts';

/** Numbers for Prometheus. */
export class Metrics {
  readonly registry = new Registry();
  readonly requests = new RequestTimes();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.registry.registerMetric(this.requests as unknown as Metric);
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
