import { describe, expect, it } from 'vitest';
import type { Chat } from './chat.ts';
import type { ChatEvent, NewChatEvent } from './envelope.ts';
import type { EventType } from './events.ts';
import { evolve, fold } from './evolve.ts';
import { storedEvents } from './registry.ts';
import { deepFreeze } from './testing/deep-freeze.ts';
import { openChat, parley, stamp } from './testing.ts';

const types = Object.keys(storedEvents) as EventType[];
const example = (type: EventType) => ({ type, data: storedEvents[type].example }) as NewChatEvent;

/** A chat with everything in it that the examples of the registry are about. */
const base = openChat({ people: ['ada', 'ben'], ais: [{ id: 'facilitator', policy: 'never' }] }).happened(
  example('participant.invited'),
  example('message.sent'),
  example('ai_response.requested'),
);

/** What has to be true before an example says something new. */
const before: Partial<Record<EventType, EventType[]>> = {
  'chat.restored': ['chat.archived'],
  'reaction.removed': ['reaction.added'],
  'completion.withdrawn': ['completion.marked'],
  'extension.disabled': ['extension.enabled'],
  'extension.quarantined': ['extension.enabled'],
};

/** Facts that others react to; the state of the chat stays as it is. */
const withoutState: EventType[] = [
  'message.flagged',
  'message.rejected',
  'turn.granted',
  'turn.skipped',
  'turn.reset',
  'turn.expired',
  'summary.requested',
  'summary.generated',
  'summary.failed',
  'extension.configured',
  'extension.emitted',
  'handler.dead_lettered',
];

describe.each(types)('%s', (type) => {
  const scenario = base.happened(...(before[type] ?? []).map(example));
  const [event] = stamp([example(type)], {
    chatId: scenario.chat.id,
    after: scenario.chat.sequence,
    at: scenario.at,
    actor: parley,
  }) as [ChatEvent];

  it('changes the state, or is listed as one that does not', () => {
    const { sequence, updatedAt, ...rest } = evolve(scenario.chat, event);
    const { sequence: _, updatedAt: __, ...unchanged } = scenario.chat;
    expect({ sequence, updatedAt }).toEqual({ sequence: event.sequence, updatedAt: event.time });
    if (withoutState.includes(type)) expect(rest).toEqual(unchanged);
    else expect(rest).not.toEqual(unchanged);
  });

  it('leaves the state that it is given untouched', () => {
    const given = structuredClone(scenario.chat);
    evolve(deepFreeze(given), deepFreeze(structuredClone(event)));
    expect(given).toEqual(scenario.chat);
  });

  it('gives the same state from a snapshot as from the beginning', () => {
    const snapshot = JSON.parse(JSON.stringify(scenario.chat)) as Chat;
    const fresh = fold(scenario.chat.id, [...scenario.events, event]);
    expect(evolve(snapshot, event)).toStrictEqual(fresh);
    expect(JSON.parse(JSON.stringify(fresh))).toStrictEqual(fresh);
  });
});

describe('an event of a type that this version does not know', () => {
  it('moves the sequence and nothing else', () => {
    const [event] = stamp([{ type: 'chat.painted', data: { colour: 'red' } } as never], {
      chatId: base.chat.id,
      after: base.chat.sequence,
      at: base.at,
      actor: parley,
    }) as [ChatEvent];
    expect(evolve(base.chat, event)).toEqual({ ...base.chat, sequence: event.sequence, updatedAt: base.at });
  });
});

describe('events about what the state does not hold', () => {
  it.each<NewChatEvent>([
    { type: 'participant.left', data: { participantId: 'nobody' } },
    { type: 'participant.muted', data: { participantId: 'nobody', muted: true } },
    { type: 'message.edited', data: { messageId: 'unknown', text: 'New' } },
    { type: 'message.deleted', data: { messageId: 'unknown' } },
    { type: 'reaction.added', data: { messageId: 'unknown', emoji: '👍', participantId: 'ada' } },
    {
      type: 'ai_response.started',
      data: { responseId: 'unknown', participantId: 'facilitator', model: 'm/m' },
    },
    { type: 'participant.invite_revoked', data: { inviteId: 'unknown' } },
  ])('$type changes nothing', (event) => {
    const { sequence, updatedAt, ...rest } = base.happened(event).chat;
    expect({ ...base.chat, sequence, updatedAt }).toEqual({ sequence, updatedAt, ...rest });
  });
});
