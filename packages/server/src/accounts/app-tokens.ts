import { Refusal } from '@parley/chat';
import { displayName, participantId } from '@parley/chat/fields';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Keys } from './keys.ts';

const claims = z.object({
  // These names are Parley's own: AI participants, and Parley itself as an actor.
  sub: participantId.refine((id) => !/^(ai\.|parley$)/.test(id)),
  name: displayName,
  exp: z.number(),
  role: z.enum(['user', 'server']).default('user'),
});

export type AppClaims = z.infer<typeof claims>;

// Tokens of people who are at it right now; the oldest is forgotten first.
const remembered = 10_000;

/** Verifies tokens that an embedding app minted: JWT, HS256, header `kid` = the app's key, signed with its secret. */
export class AppTokens {
  readonly #key: string;
  readonly #secret: Uint8Array;
  readonly #verified = new Map<string, AppClaims>();

  constructor({ appKey, appSecret }: Pick<Keys, 'appKey' | 'appSecret'>) {
    this.#key = appKey;
    this.#secret = new TextEncoder().encode(appSecret);
  }

  /** What a token says that was verified before and has not expired since. */
  recall(token: string): AppClaims | undefined {
    const known = this.#verified.get(token);
    return known !== undefined && known.exp * 1000 > Date.now() ? known : undefined;
  }

  /** @throws {Refusal} `auth.invalid_token` */
  async verify(token: string): Promise<AppClaims> {
    const known = this.recall(token);
    if (known !== undefined) return known;
    const verified = await this.#check(token);
    this.#verified.set(token, verified);
    const oldest = this.#verified.keys().next();
    if (this.#verified.size > remembered && !oldest.done) this.#verified.delete(oldest.value);
    return verified;
  }

  /** Mints a token, as an embedding app's backend would. `expiresIn` in seconds. */
  mint(user: { sub: string; name: string; role?: 'user' | 'server' }, expiresIn = 3_600): Promise<string> {
    const { sub, name, role = 'user' } = user;
    return new SignJWT({ name, role })
      .setProtectedHeader({ alg: 'HS256', kid: this.#key })
      .setSubject(sub)
      .setExpirationTime(Math.floor(Date.now() / 1000) + expiresIn)
      .sign(this.#secret);
  }

  async #check(token: string): Promise<AppClaims> {
    try {
      if (decodeProtectedHeader(token).kid !== this.#key) throw new Error('another key');
      const { payload } = await jwtVerify(token, this.#secret, {
        algorithms: ['HS256'],
        requiredClaims: ['sub', 'name', 'exp'],
      });
      return claims.parse(payload);
    } catch {
      throw new Refusal('auth.invalid_token');
    }
  }
}
