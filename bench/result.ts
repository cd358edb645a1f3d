/** One comparison, both sides measured in the same run on the same machine. */
export interface BenchResult {
  name: string;
  parley: string;
  /** The same work without Parley. */
  bare: string;
  /** Parley's share of the bare figure; for times, how many times as long. */
  ratio: number;
  /** At least this, or at most where `atMost` is set. */
  target: number;
  atMost?: boolean;
}

export function isMet({ ratio, target, atMost = false }: BenchResult): boolean {
  return atMost ? ratio <= target : ratio >= target;
}

/** The middle one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Measures two things in turns, so that what else the machine does falls on both; the median of each. */
export async function inTurns(
  rounds: number,
  one: () => Promise<number>,
  other: () => Promise<number>,
): Promise<[one: number, other: number]> {
  const results: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    results[0].push(await one());
    results[1].push(await other());
  }
  return [median(results[0]), median(results[1])];
}
