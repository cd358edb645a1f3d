import { type Chat, type Participant, Refusal, requireAbility } from '@parley/chat';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Credentials } from '../accounts/accounts.ts';
import { actorOf, type Caller } from '../accounts/caller.ts';
import type { Services } from './services.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route that needs a caller, before anything else of it runs. */
    caller: Caller | undefined;
    /** When it came, in milliseconds of the process's clock. */
    arrivedAt: number;
  }
}

/** The hook of every route that needs a caller. */
export function requireCaller({ accounts }: Services): onRequestHookHandler {
  return (request, _reply, done) => {
    const credentials = credentialsOf(request);
    request.caller = accounts.recall(credentials);
    if (request.caller !== undefined) {
      done();
      return;
    }
    accounts.authenticate(credentials).then((caller) => {
      request.caller = caller;
      done();
    }, done);
  };
}

export function credentialsOf({ headers }: FastifyRequest): Credentials {
  const actAs = headers['parley-act-as'];
  return {
    authorization: headers.authorization,
    cookie: headers.cookie,
    ...(typeof actAs === 'string' ? { actAs } : {}),
  };
}

/** Who calls. Only for routes under `requireCaller`. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === undefined) throw new Refusal('auth.required');
  return request.caller;
}

/**
 * The chat and the caller's place in it.
 * @throws {Refusal} `chat.not_found` for everybody who is not in it
 */
export async function requireMember(
  { sessions }: Services,
  request: FastifyRequest,
  chatId: string,
): Promise<{ chat: Chat; participant: Participant }> {
  const chat = await sessions.load(chatId);
  return { chat, participant: requireAbility(chat, actorOf(callerOf(request)), 'read') };
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The hook of every route: a page of another address can't use the cookie that a browser sends along.
 * Requests with a token of their own are not concerned.
 */
export function refuseForeignPages({ publicUrl }: Services): onRequestHookHandler {
  return ({ method, headers }, _reply, done) => {
    const { origin, host, authorization } = headers;
    const harmless = safe.has(method) || authorization !== undefined || origin === undefined;
    if (harmless || isOwnOrigin(origin, host, publicUrl())) done();
    else done(new Refusal('auth.wrong_origin'));
  };
}

export function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  return page.host === host || page.origin === new URL(publicUrl).origin;
}
