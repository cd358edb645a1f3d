import { expect, test } from 'vitest';
import { helpText, readConfig } from './config.ts';

test('everything has a default', () => {
  expect(readConfig({})).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    dataFolder: './data',
    rateLimit: 20,
  });
});

test('what is set is taken, and an empty variable is not set', () => {
  const config = readConfig({ PORT: '8080', PARLEY_PUBLIC_URL: 'https://chat.example.org/', HOST: '' });
  expect(config).toMatchObject({ port: 8080, publicUrl: 'https://chat.example.org', host: '127.0.0.1' });
});

test('every wrong setting is named, with what it must be; misspelt ones as well', () => {
  const wrong = { PORT: 'eighty', PARLEY_APP_SECRET: 'short', PARLEY_DATADIR: '/data' };
  expect(() => readConfig(wrong)).toThrow(
    /PORT: .*\n.*PARLEY_APP_SECRET: must have at least 32.*\n.*PARLEY_DATADIR: there is no such/,
  );
});

test('the help names every setting with its default', () => {
  expect(helpText()).toMatch(/PORT .*\(3000\)/);
  expect(helpText()).toContain('AI_MODEL');
});
