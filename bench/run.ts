import { type BenchResult, isMet } from './result.ts';

/**
 * Measures Parley against the bare libraries on the same work, both in the same run: machines differ, ratios
 * hardly do. `npm run bench` runs everything, `npm run bench -- http` one part.
 */

const parts = ['event-log', 'http', 'cold-open', 'realtime', 'start'];
const wanted = process.argv.slice(2);
const results: BenchResult[] = [];
for (const part of parts.filter((name) => wanted.length === 0 || wanted.includes(name))) {
  process.stderr.write(`${part} ...\n`);
  const { run } = (await import(`./${part}.ts`)) as { run: () => Promise<BenchResult[]> };
  results.push(...(await run()));
}

console.log('| what | Parley | bare | ratio | target | |');
console.log('|---|---|---|---|---|---|');
for (const result of results) {
  const { name, parley, bare, ratio, target, atMost } = result;
  const sign = atMost ? '≤' : '≥';
  console.log(
    `| ${name} | ${parley} | ${bare} | ${ratio.toFixed(2)} | ${sign} ${target} | ${isMet(result) ? 'met' : 'missed'} |`,
  );
}
process.exit(results.every(isMet) ? 0 : 1);
