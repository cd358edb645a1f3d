import type { Message } from './chat.ts';
import type { ChatCommand } from './commands.ts';
import { decide } from './decide.ts';
import type { Actor, NewChatEvent } from './envelope.ts';
import { Refusal } from './refusals.ts';
import { Outcome } from './testing/outcome.ts';
import { Scenario } from './testing/scenario.ts';

export { type ExpectedEvent, Outcome } from './testing/outcome.ts';
export {
  type OpenChatOptions,
  openChat,
  parley,
  Scenario,
  type StampOptions,
  scenarioStart,
  stamp,
  uuidFor,
} from './testing/scenario.ts';

export interface WhenOptions {
  /** A participant's id, `parley` for the system, or the id of somebody who is not in the chat. */
  actor: string | Actor;
  /** ISO 8601 in UTC; one second after the last step when absent. */
  at?: string;
  /** Messages that the command names and that are older than the state's window. */
  older?: readonly Message[];
}

/**
 * Tests of the rules, in the words of the rules. It works with any test runner.
 *
 * @example
 * const chat = openChat({ people: ['ada', 'ben'], settings: { turnMode: 'strict' } });
 * given(chat)
 *   .when({ type: 'turn.skip' }, { actor: 'ada' })
 *   .yields('turn.skipped', { type: 'turn.changed', data: { holder: 'ben' } });
 * given(chat).when({ type: 'turn.skip' }, { actor: 'ben' }).refuses('participant.not_allowed');
 */
export function given(...history: [Scenario] | NewChatEvent[]): {
  when(command: ChatCommand, options: WhenOptions): Outcome;
} {
  const [first] = history;
  const scenario =
    first instanceof Scenario ? first : Scenario.nothing().happened(...(history as NewChatEvent[]));
  return {
    when(command, { actor, at = scenario.at, older }) {
      const context = { actor: scenario.actor(actor), at, ...(older === undefined ? {} : { older }) };
      try {
        const facts = decide(scenario.chat, command, context);
        return new Outcome(facts, () => scenario.until(at).happened(...facts).chat);
      } catch (error) {
        if (!Refusal.is(error)) throw error;
        return new Outcome(error, () => scenario.chat);
      }
    },
  };
}
