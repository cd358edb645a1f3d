import type { Problem } from '@parley/chat/api';

const mark = Symbol.for('parley.client_error');

/** A "no" of the server, or no answer at all. */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';
  /** Stable: one of the server's codes, or `network` when there was no answer. */
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly issues: Problem['issues'];
  readonly details: Readonly<Record<string, unknown>> | undefined;
  /** Milliseconds after which another try makes sense, where the server said so. */
  readonly retryAfter: number | undefined;
  readonly [mark] = true;

  constructor(problem: Partial<Problem>, options: { retryAfter?: number | undefined; cause?: unknown } = {}) {
    super(problem.detail ?? 'The server could not be reached.', { cause: options.cause });
    this.code = problem.code ?? 'network';
    this.status = problem.status ?? 0;
    this.issues = problem.issues;
    this.details = problem.details;
    this.retryAfter = options.retryAfter;
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    // The chat's own limit on messages is for its people to know, not for their machines to wait out.
    if (this.code === 'turn.rate_limited') return false;
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** By mark and not by `instanceof`, because two copies of this package may be loaded. */
  static is(error: unknown): error is ParleyError {
    return typeof error === 'object' && error !== null && mark in error;
  }
}
