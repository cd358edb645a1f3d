import { describe, expect, it } from 'vitest';
import { listRefusals, Refusal } from './refusals.ts';

describe('a refusal', () => {
  it('carries its code, status and sentence, and details for the caller', () => {
    const refusal = new Refusal('turn.not_yours', { details: { holder: 'ben' } });
    expect(refusal).toMatchObject({ code: 'turn.not_yours', status: 409, details: { holder: 'ben' } });
    expect(refusal.message).toBe("It is somebody else's turn.");
    expect(new Refusal('turn.not_yours', { sentence: 'Wait for Ben.' }).message).toBe('Wait for Ben.');
  });

  it('is recognised by its mark, also when it was made by another copy of the package', () => {
    const foreign = Object.assign(new Error('no'), { [Symbol.for('parley.refusal')]: true });
    expect(Refusal.is(new Refusal('chat.archived'))).toBe(true);
    expect(Refusal.is(foreign)).toBe(true);
    for (const other of [new Error('no'), null, undefined, 'chat.archived', {}])
      expect(Refusal.is(other)).toBe(false);
  });
});

describe('listRefusals', () => {
  it.each(listRefusals())(
    '$code has an HTTP status and a sentence for people',
    ({ code, status, sentence }) => {
      expect(code).toMatch(/^[a-z_]+\.[a-z_]+$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
    },
  );
});
