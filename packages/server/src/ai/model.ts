import type { ReplyContext } from './reply-context.ts';

/** A language model as Parley sees it. Adapters implement it; only `AIResponseService` calls it. */
export interface ModelPort {
  /** `provider/model`. */
  id: string;
  /** What people are shown. */
  label: string;
  /**
   * Streams one answer. Stops soon after `signal` aborts.
   * @throws {ModelError}
   */
  doStream(request: ModelRequest): AsyncIterable<ModelPart>;
}

export interface ModelRequest {
  /** What Parley and the chat's host want of the model. */
  system: string;
  /** The conversation, oldest first; consecutive ones have different roles. */
  messages: { role: 'user' | 'assistant'; content: string }[];
  /** The same in structured form, for participants that are no language models. */
  context: ReplyContext;
  maxOutputTokens: number;
  signal: AbortSignal;
}

export type ModelPart =
  | { type: 'text'; text: string }
  | { type: 'end'; finish: 'stop' | 'length' | 'filtered'; usage?: TokenUsage };

export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  /** Counted here and not by the vendor. */
  estimated: boolean;
}

const sentences = {
  'ai.unavailable': ['The AI model could not be reached.', true],
  'ai.rate_limited': ['The AI model has too much to do just now.', true],
  'ai.refused_key': ["The AI model's vendor refused the key: the operator has to look at it.", false],
  'ai.timeout': ['The AI model took too long.', true],
  'ai.filtered': ["The AI model's vendor held the answer back.", false],
  'ai.broken_stream': ['The connection to the AI model broke off.', true],
  'ai.context_too_long': ['The conversation is too long for this AI model.', false],
  'ai.rejected': ['The AI model could not take this request.', false],
  'ai.empty': ['The AI model gave no answer.', true],
  'ai.misconfigured': ['This AI model is not set up here.', false],
} as const satisfies Record<string, readonly [sentence: string, retryable: boolean]>;

export type ModelErrorCode = keyof typeof sentences;

const mark = Symbol.for('parley.model_error');

/** A failure that people are told about: a stable code, a short sentence, and whether another try makes sense. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;
  readonly retryable: boolean;
  readonly [mark] = true;

  constructor(code: ModelErrorCode, options: { sentence?: string; cause?: unknown } = {}) {
    super(
      options.sentence ?? sentences[code][0],
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.code = code;
    this.retryable = sentences[code][1];
  }

  /** By mark and not by `instanceof`, because two copies of this package may be installed. */
  static is(error: unknown): error is ModelError {
    return typeof error === 'object' && error !== null && mark in error;
  }
}
