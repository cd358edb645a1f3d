import type { Problem } from '@parley/chat/api';
import { ParleyError } from './parley-error.ts';

export type Token = string | (() => string | Promise<string>);

export interface HttpOptions {
  /** Without a slash at the end; empty = where the page came from. */
  url: string;
  token?: Token | undefined;
  fetch: typeof fetch;
  /** Called when the server no longer knows who is calling. */
  onSignedOut: () => void;
}

export interface Asked {
  body?: unknown;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
}

// An answer that takes longer is not awaited: the connection may be gone without a word.
const longestAnswer = 30_000;

/** Requests to the API: JSON in, JSON out, every failure a `ParleyError`. */
export class Http {
  readonly #options: HttpOptions;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  async ask<T>(method: string, path: string, asked: Asked = {}): Promise<T> {
    const answer = await this.send(method, path, asked);
    if (answer.status === 204) return undefined as T;
    try {
      return (await answer.json()) as T;
    } catch (cause) {
      // Broken off in the middle, or said by something that is not Parley.
      throw new ParleyError({}, { cause });
    }
  }

  /** The answer itself; its status is below 400. @throws {ParleyError} */
  async send(
    method: string,
    path: string,
    { body, query = {}, headers = {} }: Asked = {},
  ): Promise<Response> {
    const { url, fetch } = this.#options;
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    let answer: Response;
    try {
      answer = await fetch(`${url}${path}${search && `?${search}`}`, {
        method,
        signal: AbortSignal.timeout(longestAnswer),
        credentials: url === '' ? 'same-origin' : 'include',
        headers: {
          ...(await this.#authorization()),
          ...(body === undefined || body instanceof URLSearchParams
            ? {}
            : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: body instanceof URLSearchParams ? body : JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new ParleyError({}, { cause });
    }
    if (answer.ok || answer.status === 304) return answer;
    const error = await errorOf(answer);
    if (error.code === 'auth.required' || error.code === 'auth.invalid_token') this.#options.onSignedOut();
    throw error;
  }

  async #authorization(): Promise<Record<string, string>> {
    const { token } = this.#options;
    if (token === undefined) return {};
    return { authorization: `Bearer ${typeof token === 'string' ? token : await token()}` };
  }
}

async function errorOf(answer: Response): Promise<ParleyError> {
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  // A proxy in between may answer with a page of its own.
  const problem = (await answer.json().catch(() => ({}))) as Partial<Problem>;
  const { detail = `The server answered ${answer.status}.`, code = `http.${answer.status}` } = problem;
  return new ParleyError({ ...problem, detail, code, status: answer.status }, { retryAfter });
}
