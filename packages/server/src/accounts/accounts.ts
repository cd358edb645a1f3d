import { randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Refusal } from '@parley/chat';
import { type AppClaims, AppTokens } from './app-tokens.ts';
import { AppUsers } from './app-users.ts';
import type { Caller } from './caller.ts';
import { Invites } from './invites.ts';
import type { Keys } from './keys.ts';
import { Sessions, type SignedIn } from './sessions.ts';

export interface AccountsOptions {
  /** The data folder; accounts live in the same database as the event log. */
  folder: string;
  keys: Keys;
  /** Where people reach Parley; decides whether cookies are `Secure`. */
  publicUrl: string;
}

/** The headers that say who is calling, from any door: HTTP, channel auth, server-sent events. */
export interface Credentials {
  authorization?: string | undefined;
  cookie?: string | undefined;
  /** Whom a `server` token acts for. */
  actAs?: string | undefined;
}

// A request's session is looked up at most this often; a sign-out elsewhere takes as long to be felt.
const sessionCacheFor = 5_000;
const sessionsCached = 10_000;

/** Who people are, and how they prove it. One `authenticate` serves every door. */
export class Accounts {
  readonly invites: Invites;
  readonly tokens: AppTokens;
  readonly #database: DatabaseSync;
  readonly #sessions: Sessions;
  readonly #appUsers: AppUsers;
  readonly #setupToken = randomBytes(24).toString('base64url');
  readonly #cachedSessions = new Map<string, { caller: Caller; until: number }>();
  #hasOwner: boolean;
  #queries = 0;

  static async open({ folder, keys, publicUrl }: AccountsOptions): Promise<Accounts> {
    const database = new DatabaseSync(join(folder, 'parley.db'));
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    const sessions = await Sessions.open(database, { publicUrl, secret: keys.sessionSecret });
    return new Accounts(database, sessions, keys);
  }

  private constructor(database: DatabaseSync, sessions: Sessions, keys: Keys) {
    this.#database = database;
    this.#sessions = sessions;
    this.#appUsers = new AppUsers(database);
    this.invites = new Invites(database);
    this.tokens = new AppTokens(keys);
    this.#hasOwner = database.prepare(`SELECT 1 FROM users WHERE kind = 'owner'`).get() !== undefined;
  }

  /** The secret of the first-run link while nobody owns this Parley; another one with every start. */
  get setupToken(): string | undefined {
    return this.#hasOwner ? undefined : this.#setupToken;
  }

  /** How many times a person was looked up in the database. */
  get queries(): number {
    return this.#queries;
  }

  /**
   * Who is calling.
   * @throws {Refusal} `auth.required`, `auth.invalid_token`, `auth.forbidden` for acting for others without the right
   */
  async authenticate(credentials: Credentials): Promise<Caller> {
    const caller =
      (await this.#byToken(credentials.authorization)) ?? (await this.#bySession(credentials.cookie));
    if (caller === undefined) throw new Refusal('auth.required');
    if (credentials.actAs === undefined) return caller;
    if (caller.kind !== 'server') throw new Refusal('auth.forbidden');
    const other = await this.findUser(credentials.actAs);
    if (other === undefined) throw new Refusal('participant.not_found');
    return other;
  }

  /** Who is calling, if that was found out a moment ago: `authenticate` without waiting. */
  recall({ authorization, cookie, actAs }: Credentials): Caller | undefined {
    if (actAs !== undefined) return undefined;
    if (authorization?.startsWith('Bearer ')) {
      const claims = this.tokens.recall(authorization.slice(7));
      return claims && this.#callerOf(claims);
    }
    const cached = cookie === undefined ? undefined : this.#cachedSessions.get(cookie);
    return cached !== undefined && cached.until > performance.now() ? cached.caller : undefined;
  }

  async findUser(id: string): Promise<Caller | undefined> {
    this.#queries++;
    return this.#appUsers.find(id) ?? (await this.#sessions.findUser(id));
  }

  /** Makes the owner. @throws {Refusal} `auth.setup_done`, `auth.setup_token` */
  async setUp(body: { token: string; name: string; email: string; password: string }): Promise<SignedIn> {
    if (this.#hasOwner) throw new Refusal('auth.setup_done');
    if (!sameText(body.token, this.#setupToken)) throw new Refusal('auth.setup_token');
    this.#hasOwner = true;
    try {
      const { name, email, password } = body;
      await this.#sessions.createAccount({ kind: 'owner', name, email, password });
      return await this.#sessions.signIn({ email, password });
    } catch (error) {
      this.#hasOwner = false;
      throw error;
    }
  }

  /** Makes a member's account. @throws {Refusal} `auth.email_taken` */
  async signUp(account: { name: string; email: string; password: string }): Promise<SignedIn> {
    await this.#sessions.createAccount({ kind: 'member', ...account });
    return this.#sessions.signIn(account);
  }

  signIn(credentials: { email: string; password: string }): Promise<SignedIn> {
    return this.#sessions.signIn(credentials);
  }

  signInGuest(name: string): Promise<SignedIn> {
    return this.#sessions.signInGuest(name);
  }

  async signOut(cookie: string): Promise<string[]> {
    this.#cachedSessions.delete(cookie);
    return this.#sessions.signOut(new Headers({ cookie }));
  }

  close(): void {
    this.#database.close();
  }

  async #byToken(authorization: string | undefined): Promise<Caller | undefined> {
    if (authorization === undefined) return undefined;
    const [scheme, token] = authorization.split(' ', 2);
    if (scheme?.toLowerCase() !== 'bearer' || !token) throw new Refusal('auth.invalid_token');
    return this.#callerOf(await this.tokens.verify(token));
  }

  #callerOf({ sub, name, role }: AppClaims): Caller {
    if (role === 'server') return { id: sub, name, kind: 'server' };
    this.#appUsers.seen(sub, name);
    return { id: sub, name, kind: 'app' };
  }

  async #bySession(cookie: string | undefined): Promise<Caller | undefined> {
    if (!cookie?.includes('parley.session_token=')) return undefined;
    const cached = this.#cachedSessions.get(cookie);
    if (cached !== undefined && cached.until > performance.now()) return cached.caller;
    this.#queries++;
    const caller = await this.#sessions.find(new Headers({ cookie }));
    this.#cachedSessions.delete(cookie);
    if (caller === undefined) return undefined;
    this.#cachedSessions.set(cookie, { caller, until: performance.now() + sessionCacheFor });
    const oldest = this.#cachedSessions.keys().next();
    if (this.#cachedSessions.size > sessionsCached && !oldest.done) this.#cachedSessions.delete(oldest.value);
    return caller;
  }
}

function sameText(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
