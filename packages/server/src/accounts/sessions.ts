import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { Refusal } from '@parley/chat';
import type { UserKind } from '@parley/chat/api';
import { type BetterAuthOptions, type BetterAuthPlugin, betterAuth } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { getMigrations } from 'better-auth/db/migration';
import { z } from 'zod';
import type { Caller } from './caller.ts';
import { passwords } from './passwords.ts';

type AccountKind = Extract<UserKind, 'owner' | 'member' | 'guest'>;

const thirtyDays = 30 * 24 * 3_600;

/** Parley's own endpoint of the sign-in library: a session for somebody who came by a link with a name alone. */
const guests = {
  id: 'parley-guests',
  endpoints: {
    signInGuest: createAuthEndpoint(
      '/sign-in/guest',
      { method: 'POST', body: z.object({ name: z.string() }) },
      async (context) => {
        const { internalAdapter } = context.context;
        // The library wants an address of everybody; `.invalid` can never be one.
        const email = `${randomBytes(16).toString('hex')}@guest.invalid`;
        const { name } = context.body;
        const user = await internalAdapter.createUser(
          { email, name, emailVerified: false, kind: 'guest' },
          { method: 'guest' },
        );
        const session = await internalAdapter.createSession(user.id);
        await setSessionCookie(context, { session, user });
        return context.json({ id: user.id });
      },
    ),
  },
} satisfies BetterAuthPlugin;

function options(database: DatabaseSync, { publicUrl, secret }: { publicUrl: string; secret: string }) {
  return {
    database,
    baseURL: publicUrl,
    secret,
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      password: passwords,
      minPasswordLength: 8,
      maxPasswordLength: 128,
    },
    user: {
      modelName: 'users',
      additionalFields: { kind: { type: 'string', required: true, defaultValue: 'member', input: false } },
    },
    session: { modelName: 'sessions', expiresIn: thirtyDays, updateAge: 24 * 3_600 },
    account: { modelName: 'accounts' },
    verification: { modelName: 'verifications' },
    advanced: { cookiePrefix: 'parley', useSecureCookies: publicUrl.startsWith('https:') },
    logger: { disabled: true },
    plugins: [guests],
  } satisfies BetterAuthOptions;
}

const create = (settings: ReturnType<typeof options>) => betterAuth(settings);

/** A session's cookies, to be set with the answer. */
export interface SignedIn {
  caller: Caller;
  cookies: string[];
}

/**
 * People with a session in the browser: owner and members by e-mail and password, guests by name.
 * None of the library's own endpoints can be reached from outside; the API calls these.
 */
export class Sessions {
  readonly #auth: ReturnType<typeof create>;

  static async open(
    database: DatabaseSync,
    settings: { publicUrl: string; secret: string },
  ): Promise<Sessions> {
    const all = options(database, settings);
    const { runMigrations } = await getMigrations(all);
    await runMigrations();
    return new Sessions(create(all));
  }

  private constructor(auth: ReturnType<typeof create>) {
    this.#auth = auth;
  }

  /** Who a session cookie belongs to; undefined without a valid one. */
  async find(headers: Headers): Promise<Caller | undefined> {
    const found = await this.#auth.api.getSession({ headers });
    return found === null ? undefined : callerOf(found.user);
  }

  async findUser(id: string): Promise<Caller | undefined> {
    const { internalAdapter } = await this.#auth.$context;
    const user = await internalAdapter.findUserById(id);
    return user === null ? undefined : callerOf(user as typeof user & { kind: string });
  }

  /** @throws {Refusal} `auth.email_taken` */
  async createAccount(account: {
    kind: Exclude<AccountKind, 'guest'>;
    name: string;
    email: string;
    password: string;
  }): Promise<void> {
    const { internalAdapter } = await this.#auth.$context;
    const email = account.email.toLowerCase();
    if ((await internalAdapter.findUserByEmail(email)) !== null) throw new Refusal('auth.email_taken');
    const password = await passwords.hash(account.password);
    const { kind, name } = account;
    const user = await internalAdapter.createUser(
      { kind, name, email, emailVerified: false },
      { method: 'email-password' },
    );
    await internalAdapter.linkAccount({
      userId: user.id,
      providerId: 'credential',
      accountId: user.id,
      password,
    });
  }

  /** @throws {Refusal} `auth.invalid_credentials` */
  async signIn(credentials: { email: string; password: string }): Promise<SignedIn> {
    const answer = await this.#auth.api.signInEmail({ body: credentials, asResponse: true });
    if (!answer.ok) throw new Refusal('auth.invalid_credentials');
    return this.#signedIn(answer);
  }

  async signInGuest(name: string): Promise<SignedIn> {
    return this.#signedIn(await this.#auth.api.signInGuest({ body: { name }, asResponse: true }));
  }

  /** Ends the session; returns the cookies that say so. */
  async signOut(headers: Headers): Promise<string[]> {
    const answer = await this.#auth.api.signOut({ headers, asResponse: true });
    return answer.headers.getSetCookie();
  }

  async #signedIn(answer: Response): Promise<SignedIn> {
    const cookies = answer.headers.getSetCookie();
    const cookie = cookies.map((line) => line.split(';', 1)[0]).join('; ');
    const caller = await this.find(new Headers({ cookie }));
    if (caller === undefined) throw new Error('A new session could not be found again.');
    return { caller, cookies };
  }
}

function callerOf(user: { id: string; name: string; email: string; kind: string }): Caller {
  const { id, name, email } = user;
  const kind = user.kind as AccountKind;
  return { id, name, kind, ...(kind === 'guest' ? {} : { email }) };
}
