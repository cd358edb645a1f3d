import { expect, test } from 'vitest';
import { modelRegistry } from './models.ts';

test('without anything set, the facilitator answers, and is named as what it is', () => {
  const models = modelRegistry({});
  expect(models.default).toBe('builtin/facilitator');
  expect(models.list()).toMatchObject([{ label: 'Facilitator (rule-based, no AI model)' }]);
});

test.each([
  [{ AI_MODEL: 'gpt-5' }, /AI_MODEL: .*provider\/model/],
  [{ AI_MODEL: 'nobody/model' }, /one of openai, anthropic, google, ollama, compatible/],
  [{ AI_MODEL: 'openai/' }, /provider\/model/],
  [{ AI_MODEL: 'openai/gpt-5' }, /needs OPENAI_API_KEY to be set/],
  [{ AI_MODEL: 'anthropic/claude' }, /needs ANTHROPIC_API_KEY/],
  [{ AI_MODEL: 'google/gemini' }, /needs GOOGLE_GENERATIVE_AI_API_KEY/],
  [{ AI_MODEL: 'compatible/mine' }, /needs OPENAI_COMPATIBLE_BASE_URL/],
])('%j says what to set', (environment, message) => {
  expect(() => modelRegistry(environment)).toThrow(message);
});

test('what is set up can be chosen; what is not can’t', () => {
  const models = modelRegistry({ OPENAI_API_KEY: 'x', AI_MODEL: 'openai/org/with:colon' });
  expect(models.get('openai/org/with:colon').label).toBe('org/with:colon');
  expect([
    models.has('openai/other'),
    models.has('ollama/llama'),
    models.has('anthropic/x'),
    models.has(''),
  ]).toEqual([true, true, false, false]);
});
