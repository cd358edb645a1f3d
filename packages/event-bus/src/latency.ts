/** The latest durations of a handler, in milliseconds, for its percentiles. */
export class Latency {
  readonly #ring = new Float64Array(256);
  #count = 0;

  add(milliseconds: number): void {
    this.#ring[this.#count % this.#ring.length] = milliseconds;
    this.#count++;
  }

  /** `share` from 0 to 1; 0 when nothing was measured yet. */
  percentile(share: number): number {
    const known = this.#ring.slice(0, Math.min(this.#count, this.#ring.length)).sort();
    return known[Math.min(known.length - 1, Math.floor(known.length * share))] ?? 0;
  }
}
