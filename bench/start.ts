import { startServer } from '../test/server-process.ts';
import { type BenchResult, median } from './result.ts';

const target = 2;

/** Seconds from the start of the process to the first answered request, on a folder that has been used. */
export async function run(): Promise<BenchResult[]> {
  const server = await startServer();
  const seconds: number[] = [];
  try {
    for (let round = 0; round < 5; round++) {
      await server.stop();
      const begun = performance.now();
      await server.restart();
      const answer = await fetch(`${server.url}/readyz`);
      if (!answer.ok) throw new Error(`/readyz answered ${answer.status}`);
      seconds.push((performance.now() - begun) / 1000);
    }
  } finally {
    await server.dispose();
  }
  const taken = median(seconds);
  return [
    {
      name: 'From the start of the process to the first answered request',
      parley: `${taken.toFixed(2)} s`,
      bare: 'two seconds',
      ratio: taken / target,
      target: 1,
      atMost: true,
    },
  ];
}

if (import.meta.main) console.table(await run());
