import { setTimeout as pause } from 'node:timers/promises';
import type { ModelPart, ModelPort, ModelRequest } from '../model.ts';
import { plainName } from '../prompt.ts';
import { facilitate } from './facilitate.ts';

/**
 * The participant that answers without any AI model, key or network.
 * @param wordDelay milliseconds between two words, so that its replies stream as others' do; default 25
 */
export function facilitatorModel({ wordDelay = 25 }: { wordDelay?: number } = {}): ModelPort {
  return {
    id: 'builtin/facilitator',
    label: 'Facilitator (rule-based, no AI model)',
    async *doStream({ context, signal }: ModelRequest): AsyncIterable<ModelPart> {
      const text = facilitate({
        selfName: 'the facilitator',
        people: context.participants
          .filter(({ kind, role }) => kind === 'person' && role !== 'observer')
          .map(({ id, name }) => ({ id, name: plainName(name) })),
        turns: context.messages.map(({ author, authorName, text }) => ({
          author: author === context.self.id ? null : author,
          name: plainName(authorName),
          text,
        })),
        seed: context.seed,
      });
      for (const word of text.match(/\S+\s*/g) ?? []) {
        if (signal.aborted) return;
        yield { type: 'text', text: word };
        if (wordDelay > 0) await pause(wordDelay, undefined, { signal }).catch(() => {});
      }
      yield { type: 'end', finish: 'stop' };
    },
  };
}
