import type { MetricObjectWithValues, MetricValue } from 'prom-client';

interface Series {
  labels: { method: string; route: string; status: number };
  /** How many were at most as long as each bound, and no shorter than the one before it. */
  counts: number[];
  count: number;
  sum: number;
}

const name = 'parley_http_request_seconds';
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/**
 * How long requests take, as a histogram that Prometheus reads. Counted here and handed over when it is asked
 * for: the library checks and hashes the labels of every observation, which costs more than a small request.
 */
export class RequestTimes {
  readonly name = name;
  readonly #series = new Map<string, Series>();

  /** One answered request; `seconds` from its arrival to its answer. */
  observe(method: string, route: string, status: number, seconds: number): void {
    const key = `${method} ${route} ${status}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      const counts = new Array<number>(bounds.length).fill(0);
      series = { labels: { method, route, status }, counts, count: 0, sum: 0 };
      this.#series.set(key, series);
    }
    series.count++;
    series.sum += seconds;
    const bucket = bounds.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
  }

  /** In the form in which the library's registry collects metrics. */
  async get(): Promise<Omit<MetricObjectWithValues<MetricValue<string>>, 'collect'>> {
    const help = 'Time to answer HTTP requests';
    const values = [...this.#series.values()].flatMap(valuesOf);
    return { name, help, type: 'histogram' as never, aggregator: 'sum', values: values as never };
  }
}

function valuesOf({ labels, counts, count, sum }: Series) {
  let upTo = 0;
  const buckets = bounds.map((le, index) => {
    upTo += counts[index] ?? 0;
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: upTo };
  });
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
