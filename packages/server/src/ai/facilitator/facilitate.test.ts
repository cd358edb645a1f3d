import fc from 'fast-check';
import { expect, test } from 'vitest';
import { facilitate, type Situation } from './facilitate.ts';

const people = [
  { id: 'a', name: 'Ada' },
  { id: 'b', name: 'Ben Okafor' },
];

/** Lets people speak, and the facilitator answer each. */
function talk(...said: [author: string, text: string][]): string[] {
  const turns: Situation['turns'][number][] = [];
  return said.map(([author, text], index) => {
    turns.push({ author, text });
    const answer = facilitate({ selfName: 'the facilitator', people, turns, seed: `seed ${index}` });
    turns.push({ author: null, text: answer });
    return answer;
  });
}

test('it greets when nobody has spoken', () => {
  expect(facilitate({ selfName: 'the facilitator', people, turns: [], seed: '' })).toMatch(/^Hello/);
});

test('it says back what it hears, with the name, turned round', () => {
  const [answer] = talk(['a', 'I want to go to the sea with my sister.']);
  expect(answer).toContain('Ada');
  expect(answer).toContain('you want to go to the sea with your sister');
});

test('it brings in who has not spoken, by name', () => {
  expect(talk(['a', 'The sea is what I want this summer.'])[0]).toMatch(/Ben Okafor.*\?/);
});

test('a question is handed on, and not answered', () => {
  const answers = talk(['a', 'I like the sea a lot.'], ['b', 'Fine. What about the mountains, then?']);
  expect(answers[1]).toMatch(/What about the mountains, then\?.*Ada/s);
});

test('it never says the same twice in a row', () => {
  const answers = talk(
    ...Array.from({ length: 12 }, (_, index): [string, string] => [
      index % 2 ? 'a' : 'b',
      'I think we should go there soon.',
    ]),
  );
  for (const [index, answer] of answers.entries()) if (index > 0) expect(answer).not.toBe(answers[index - 1]);
});

test('a recap tells who said what', () => {
  const answer = talk(
    ['a', 'The sea is warm in June.'],
    ['b', 'The mountains are cheaper.'],
    ['a', 'Can you sum it up?'],
  )[2];
  expect(answer).toMatch(/\*\*Ada\*\*: .*sea is warm.*\n- \*\*Ben Okafor\*\*: .*mountains are cheaper/);
});

test('it does not pretend to be what it is not', () => {
  expect(talk(['a', 'Are you an AI?'])[0]).toMatch(/set of rules, without an AI model/);
});

test('other languages are quoted and not turned round', () => {
  expect(talk(['a', 'Ich möchte lieber ans Meer, weil es dort wärmer ist.'])[0]).toContain(
    '“Ich möchte lieber ans Meer, weil es dort wärmer ist”',
  );
});

test('code is left out, and short words are only acknowledged', () => {
  expect(talk(['a', 'ok'])[0]).not.toContain('“');
  expect(talk(['a', '```\nrm -rf /\n```'])[0]).not.toContain('rm -rf');
});

test('whatever is said: the same situation has the same answer, short, without HTML, with names as they are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.string({ unit: 'grapheme', maxLength: 300 })), {
        minLength: 1,
        maxLength: 8,
      }),
      (said) => {
        const answers = talk(...said);
        expect(talk(...said)).toEqual(answers);
        for (const answer of answers) {
          expect(answer.length).toBeLessThanOrEqual(2_000);
          expect(answer.isWellFormed()).toBe(true);
          expect(answer).not.toMatch(/<\w/);
        }
      },
    ),
    { numRuns: 200 },
  );
});
