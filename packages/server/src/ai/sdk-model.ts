import { APICallError, type LanguageModel, streamText } from 'ai';
import { ModelError, type ModelPart, type ModelPort, type ModelRequest } from './model.ts';

/**
 * A model of the AI SDK behind the port. `load` gives the model object itself: a bare name would be sent to a
 * gateway of the SDK's vendor.
 */
export function sdkModel(options: {
  id: string;
  label: string;
  load: () => Promise<Exclude<LanguageModel, string>>;
}): ModelPort {
  const { id, label, load } = options;
  return {
    id,
    label,
    async *doStream({ system, messages, maxOutputTokens, signal }: ModelRequest): AsyncIterable<ModelPart> {
      const { stream } = streamText({
        model: await load(),
        instructions: system,
        messages,
        maxOutputTokens,
        // Trying again is decided where it is known whether anybody has seen a word.
        maxRetries: 0,
        abortSignal: signal,
        // Without this the SDK prints failures; they are thrown here.
        onError() {},
      });
      try {
        for await (const part of stream) {
          if (part.type === 'text-delta') yield { type: 'text', text: part.text };
          else if (part.type === 'error') throw part.error;
          else if (part.type === 'finish') yield endOf(part);
        }
      } catch (error) {
        throw asModelError(error);
      }
    },
  };
}

interface Finish {
  finishReason: string;
  totalUsage: { inputTokens: number | undefined; outputTokens: number | undefined };
}

function endOf({ finishReason, totalUsage }: Finish): ModelPart {
  if (finishReason === 'error') throw new ModelError('ai.broken_stream');
  const finish =
    finishReason === 'length' ? 'length' : finishReason === 'content-filter' ? 'filtered' : 'stop';
  const { inputTokens, outputTokens } = totalUsage;
  if (inputTokens === undefined || outputTokens === undefined) return { type: 'end', finish };
  return { type: 'end', finish, usage: { inputTokens, outputTokens, estimated: false } };
}

function asModelError(error: unknown): ModelError {
  if (ModelError.is(error)) return error;
  if (!APICallError.isInstance(error)) return new ModelError('ai.broken_stream', { cause: error });
  const { statusCode, message, responseBody = '' } = error;
  const options = { cause: error };
  if (statusCode === undefined) return new ModelError('ai.unavailable', options);
  if (statusCode === 401 || statusCode === 403) return new ModelError('ai.refused_key', options);
  if (statusCode === 404) {
    return new ModelError('ai.misconfigured', { ...options, sentence: 'The vendor has no such AI model.' });
  }
  if (statusCode === 408) return new ModelError('ai.timeout', options);
  if (statusCode === 429) return new ModelError('ai.rate_limited', options);
  if (/context.{0,20}(length|window)|too long|too many tokens/i.test(message + responseBody)) {
    return new ModelError('ai.context_too_long', options);
  }
  if (statusCode >= 500) return new ModelError('ai.unavailable', options);
  // A stream that breaks in the middle has been answered with 200.
  if (statusCode < 300) return new ModelError('ai.broken_stream', options);
  return new ModelError('ai.rejected', options);
}
