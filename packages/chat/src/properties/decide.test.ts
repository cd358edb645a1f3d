import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Chat } from '../chat.ts';
import type { CommandType } from '../commands.ts';
import { decide } from '../decide.ts';
import type { ChatEvent } from '../envelope.ts';
import { evolve, fold } from '../evolve.ts';
import type { TurnMode } from '../fields.ts';
import { Refusal } from '../refusals.ts';
import { commands, storedEvents } from '../registry.ts';
import { deepFreeze } from '../testing/deep-freeze.ts';
import { openChat, Scenario, stamp } from '../testing.ts';
import { brokenInvariants } from './invariants.ts';
import { actorOf, commandOf, type Step, steps } from './random-commands.ts';

const modes: TurnMode[] = ['flexible', 'strict', 'moderated', 'rounds'];

/** Where random sequences begin: nothing, or a chat in each mode, with few messages or almost a full window. */
const starts = [
  Scenario.nothing(),
  ...modes.flatMap((turnMode) => {
    const chat = openChat({
      people: ['ada', 'ben', 'cy'],
      ais: ['helper', { id: 'critic', policy: 'mentioned' }],
    });
    const change = { type: 'settings.change', changes: { turnMode } } as const;
    return [chat.by('ada', change), talk(chat, 48).by('ada', change)];
  }),
];

const runs = 150;

it('no sequence of commands, whoever gives them, breaks a rule', () => {
  const accepted = new Set<CommandType>();
  const refused = new Set<CommandType>();
  const seen = new Set<string>();
  let deepest = 0;

  const property = fc.property(fc.constantFrom(...starts), steps, (start, sequence) => {
    const { events, chat } = play(start, sequence, (type, outcome) => {
      (outcome === 'refused' ? refused : accepted).add(type);
    });
    for (const { type } of events) seen.add(type);
    deepest = Math.max(deepest, chat.messageCount);
  });
  fc.assert(property, { numRuns: runs, seed: 20260101 });
  fc.assert(property, { numRuns: runs });

  // The dice reached everything: a generator that only knocks at closed doors would prove nothing.
  expect([...accepted].sort()).toEqual(Object.keys(commands).sort());
  expect([...refused].sort()).toEqual(Object.keys(commands).sort());
  expect(seen).toContain('completion.reached');
  expect(seen).toContain('ai_response.completed');
  expect(seen).toContain('turn.expired');
  expect(deepest).toBeGreaterThan(50);
});

/** Plays a sequence and checks every promise after every step. */
function play(
  start: Scenario,
  sequence: readonly Step[],
  report: (type: CommandType, outcome: string) => void,
) {
  const chatId = start.chat.id;
  const events: ChatEvent[] = [...start.events];
  let chat: Chat = deepFreeze(start.chat);
  let now = Date.parse(start.at);

  for (const [fresh, step] of sequence.entries()) {
    now += step.pause * 1000;
    const at = new Date(now).toISOString();
    const actor = actorOf(chat, step);
    const command = deepFreeze(commandOf(chat, step, actor, events.length * 100 + fresh));
    const { type, ...fields } = command;
    expectValid(commands[type].fields, fields, type);

    const facts = factsOrRefusal(chat, command, { actor, at });
    if (facts === undefined) {
      report(type, 'refused');
      continue;
    }
    if (facts.length > 0) report(type, 'accepted');
    const stored = stamp(facts, { chatId, after: chat.sequence, at, actor });
    const snapshot = JSON.parse(JSON.stringify(chat)) as Chat;
    for (const event of stored) {
      expectValid(storedEvents[event.type].data, event.data, event.type);
      chat = deepFreeze(evolve(chat, deepFreeze(event)));
    }
    events.push(...stored);

    // Inside one decision a rule may be broken and mended again: what counts is what is stored together.
    const broken = brokenInvariants(chat);
    if (broken.length > 0) throw new Error(`after ${type}: ${broken.join('; ')}`);
    assertSame(fold(chatId, stored, snapshot), chat, `${type}: snapshot + tail differs`);
  }

  if (events.some((event, index) => event.sequence !== index + 1)) throw new Error('the sequence has a gap');
  const sent = events.filter((event) => event.type === 'message.sent').length;
  if (sent !== chat.messageCount) throw new Error(`${sent} messages were sent, ${chat.messageCount} counted`);
  assertSame(fold(chatId, events), chat, 'a fresh fold differs');
  return { events, chat };
}

/** What was decided; undefined for a refusal. Anything else that is thrown is a defect and goes on. */
function factsOrRefusal(...[chat, command, context]: Parameters<typeof decide>) {
  const attempt = () => {
    try {
      return decide(chat, command, context);
    } catch (error) {
      if (!Refusal.is(error)) throw error;
      return error.code;
    }
  };
  const first = attempt();
  // Nothing but state, command and context counts: asked again, it decides the same.
  assertSame(attempt(), first, `${command.type} was decided otherwise the second time`);
  return typeof first === 'string' ? undefined : first;
}

function expectValid(
  schema: { safeParse(value: unknown): { error?: unknown; data?: unknown } },
  value: unknown,
  type: string,
) {
  const { error, data } = schema.safeParse(value);
  if (error) throw new Error(`${type} does not fit its schema: ${String(error)}`);
  assertSame(data, value, `${type} changes when it is read by its schema`);
}

function assertSame(actual: unknown, expected: unknown, message: string): void {
  if (!isDeepStrictEqual(actual, expected)) throw new Error(message);
}

function talk(scenario: Scenario, count: number): Scenario {
  let next = scenario;
  for (let number = 1; number <= count; number++) next = next.says(number % 2 === 0 ? 'ada' : 'ben', 'Hm.');
  return next;
}
