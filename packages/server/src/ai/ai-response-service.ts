import { coalesce } from './coalesce.ts';
import { ModelError, type ModelPart, type ModelPort, type TokenUsage } from './model.ts';
import type { ModelRegistry } from './models.ts';
import { cleaner } from './output.ts';
import { estimateTokens, type PromptLimits, writePrompt } from './prompt.ts';
import type { ReplyContext } from './reply-context.ts';
import { withTimeLimits } from './time-limits.ts';

/** What becomes of one reply: begun, words, and exactly one end. */
export type ReplyEvent =
  | { type: 'started'; model: string }
  /** `offset` is the number of characters before these words. */
  | { type: 'delta'; offset: number; text: string }
  | {
      type: 'ended';
      status: 'completed' | 'stopped' | 'failed';
      /** All of it, or what there was of it. */
      text: string;
      model: string;
      /** For `failed`: a stable code, a sentence for people, whether another try makes sense. */
      code?: string;
      message?: string;
      retryable?: boolean;
      usage?: TokenUsage;
    };

export interface ReplyLimits extends PromptLimits {
  /** Milliseconds to the first word; default 30,000. */
  firstToken: number;
  /** Milliseconds between two words; default 20,000. */
  idle: number;
  /** Milliseconds for all of it; default 180,000. */
  total: number;
  /** Milliseconds that words are gathered before they are handed on; default 50. */
  coalesce: number;
  /** Tokens of an answer; default 2,000. */
  maxOutputTokens: number;
  /** Milliseconds before another try, when no word has come; default 1,000. */
  retryAfter: number;
}

const defaults: ReplyLimits = {
  firstToken: 30_000,
  idle: 20_000,
  total: 180_000,
  coalesce: 50,
  maxOutputTokens: 2_000,
  retryAfter: 1_000,
};

/** Generates AI replies and nothing else: it knows no turns, stores nothing and tells nobody. */
export class AIResponseService {
  readonly #models: ModelRegistry;
  readonly #limits: ReplyLimits;

  constructor({ models, limits = {} }: { models: ModelRegistry; limits?: Partial<ReplyLimits> }) {
    this.#models = models;
    this.#limits = { ...defaults, ...limits };
  }

  /**
   * Streams one reply. Never throws: a failure is how a reply ends.
   * @param options.model `provider/model`; the server's default when absent
   * @param options.signal ends the reply with what there is of it
   */
  async *generate(
    context: ReplyContext,
    { model: id = this.#models.default, signal }: { model?: string; signal: AbortSignal },
  ): AsyncIterable<ReplyEvent> {
    const prompt = writePrompt(context, this.#limits);
    const output = cleaner(context.self.name);
    let text = '';
    let usage: TokenUsage | undefined;
    const end = (
      status: 'completed' | 'stopped' | 'failed',
      error?: { code: string; message: string; retryable: boolean },
    ): ReplyEvent => ({
      type: 'ended',
      status,
      text,
      model: id,
      ...(error && { code: error.code, message: error.message, retryable: error.retryable }),
      usage: usage ?? estimate(prompt, text),
    });

    yield { type: 'started', model: id };
    try {
      const parts = this.#attempts(this.#models.get(id), context, prompt, signal);
      for await (const part of coalesce(parts, this.#limits.coalesce)) {
        if (part.type === 'end') {
          usage = part.usage;
          if (part.finish === 'filtered') throw new ModelError('ai.filtered');
          continue;
        }
        const words = output.take(part.text);
        if (words === '') continue;
        yield { type: 'delta', offset: text.length, text: words };
        text += words;
      }
      const rest = output.end();
      if (rest !== '') {
        yield { type: 'delta', offset: text.length, text: rest };
        text += rest;
      }
      if (signal.aborted) yield end('stopped');
      else if (text.trim() === '') yield end('failed', new ModelError('ai.empty'));
      else yield end('completed');
    } catch (error) {
      if (signal.aborted) yield end('stopped');
      else yield end('failed', ModelError.is(error) ? error : new ModelError('ai.broken_stream'));
    }
  }

  /** Tries once more when it failed before the first word, and another try makes sense. */
  async *#attempts(
    model: ModelPort,
    context: ReplyContext,
    prompt: ReturnType<typeof writePrompt>,
    signal: AbortSignal,
  ): AsyncIterable<ModelPart> {
    const { maxOutputTokens, retryAfter } = this.#limits;
    for (let attempt = 1; ; attempt++) {
      let spoken = false;
      try {
        const stream = withTimeLimits(
          (limited) => model.doStream({ ...prompt, context, maxOutputTokens, signal: limited }),
          this.#limits,
          signal,
        );
        for await (const part of stream) {
          spoken ||= part.type === 'text' && part.text !== '';
          yield part;
        }
        return;
      } catch (error) {
        const again = attempt === 1 && !spoken && !signal.aborted && ModelError.is(error) && error.retryable;
        if (!again) throw error;
        await new Promise((resolve) => setTimeout(resolve, retryAfter));
      }
    }
  }
}

function estimate({ system, messages }: ReturnType<typeof writePrompt>, text: string): TokenUsage {
  const inputTokens = messages.reduce(
    (sum, { content }) => sum + estimateTokens(content),
    estimateTokens(system),
  );
  return { inputTokens, outputTokens: estimateTokens(text), estimated: true };
}
