import { describe, expect, it } from 'vitest';
import type { ChatCommand, CommandType } from './commands.ts';
import { abilities } from './permissions.ts';
import { Refusal, type RefusalCode } from './refusals.ts';
import { commands } from './registry.ts';
import { defaultSettings } from './settings.ts';
import { given, openChat, type Scenario, uuidFor } from './testing.ts';

/** Everybody who may try: people of each role, an AI participant, who is not in the chat, and Parley itself. */
const actors = ['host', 'member', 'guest', 'observer', 'ai', 'outsider', 'parley'] as const;
type Expectation = Partial<Record<(typeof actors)[number], 'yes' | RefusalCode>> & {
  others: 'yes' | RefusalCode;
};

const inviteId = uuidFor(700);
const target = { id: 'target', role: 'member' } as const;
const base = openChat({
  people: [
    { id: 'host', role: 'host' },
    'member',
    { id: 'guest', role: 'guest' },
    { id: 'observer', role: 'observer' },
    target,
  ],
  ais: [{ id: 'ai', policy: 'never' }],
  settings: { messagesPerMinute: 100 },
})
  .by('host', {
    type: 'participant.invite',
    inviteId,
    role: 'guest',
    expiresAt: '2026-12-01T00:00:00.000Z',
    maxUses: null,
  })
  .says('target', 'Hello')
  .by('host', { type: 'ai_response.request', responseId: 'done', participantId: 'ai' })
  .answers('ai', 'Hello.');
const [theirMessage, aiMessage] = base.chat.messages.map(({ id }) => id);
const asked = base.by('host', { type: 'ai_response.request', responseId: 'running', participantId: 'ai' });
const marked = ['host', 'member', 'guest'].reduce(
  (chat, id) => chat.by(id, { type: 'completion.mark' }),
  base,
);
const reacted = ['host', 'member', 'guest', 'ai'].reduce(
  (chat, id) => chat.by(id, { type: 'reaction.add', messageId: theirMessage ?? '', emoji: '👍' }),
  base,
);
const withTurns = base
  .by('host', { type: 'settings.change', changes: { turnMode: 'strict', turnSeconds: 60 } })
  .by('host', { type: 'turn.grant', participantId: 'target' })
  .after(3600);

const hidden = 'chat.not_found';
const hostsOnly: Expectation = {
  host: 'yes',
  observer: 'participant.observer',
  outsider: hidden,
  parley: hidden,
  others: 'participant.not_allowed',
};
const everybodyWhoSpeaks: Expectation = {
  observer: 'participant.observer',
  outsider: hidden,
  parley: hidden,
  others: 'yes',
};
const authorsOnly: Expectation = { ...everybodyWhoSpeaks, others: 'message.not_yours' };
const invited: Expectation = { outsider: 'yes', parley: 'yes', others: 'participant.already_joined' };
const parleyItself: Expectation = { parley: 'yes', others: 'participant.not_allowed' };

type Row<T extends CommandType> = {
  given?: Scenario;
  command: Omit<ChatCommand<T>, 'type'>;
  expected: Expectation;
};
const matrix: { [T in CommandType]: Row<T> } = {
  'chat.create': {
    command: { title: 'Another', name: 'Me', settings: defaultSettings, participants: [] },
    expected: { others: 'chat.exists' },
  },
  'chat.update': { command: { title: 'Another' }, expected: hostsOnly },
  'chat.archive': { command: {}, expected: hostsOnly },
  'chat.restore': { given: base.by('host', { type: 'chat.archive' }), command: {}, expected: hostsOnly },
  'participant.invite': {
    command: { inviteId: uuidFor(701), role: 'guest', expiresAt: '2026-12-01T00:00:00.000Z', maxUses: 1 },
    expected: { ...hostsOnly, member: 'yes', ai: 'yes' },
  },
  'participant.revoke_invite': {
    command: { inviteId },
    expected: { ...hostsOnly, member: 'yes', ai: 'yes' },
  },
  'participant.join': { command: { inviteId, name: 'Me' }, expected: invited },
  'participant.add': {
    command: { participant: { id: 'new', kind: 'person', name: 'New', role: 'member' } },
    expected: hostsOnly,
  },
  'participant.update': { command: { participantId: 'ai', name: 'Guide' }, expected: hostsOnly },
  'participant.leave': {
    command: {},
    expected: { host: 'participant.last_host', outsider: hidden, parley: hidden, others: 'yes' },
  },
  'participant.remove': { command: { participantId: 'target' }, expected: hostsOnly },
  'participant.change_role': { command: { participantId: 'target', role: 'guest' }, expected: hostsOnly },
  'participant.mute': { command: { participantId: 'target', muted: true }, expected: hostsOnly },
  'message.send': { command: { messageId: uuidFor(900), text: 'Hi' }, expected: everybodyWhoSpeaks },
  'message.edit': { command: { messageId: theirMessage ?? '', text: 'Hi' }, expected: authorsOnly },
  'message.delete': { command: { messageId: theirMessage ?? '' }, expected: { ...authorsOnly, host: 'yes' } },
  'message.read': {
    command: { sequence: base.chat.sequence },
    expected: { outsider: hidden, parley: hidden, others: 'yes' },
  },
  'reaction.add': { command: { messageId: theirMessage ?? '', emoji: '👍' }, expected: everybodyWhoSpeaks },
  'reaction.remove': {
    given: reacted,
    command: { messageId: theirMessage ?? '', emoji: '👍' },
    expected: everybodyWhoSpeaks,
  },
  'turn.skip': { given: withTurns, command: {}, expected: hostsOnly },
  'turn.grant': { given: withTurns, command: { participantId: 'member' }, expected: hostsOnly },
  'turn.reset': { given: withTurns, command: {}, expected: hostsOnly },
  'turn.expire': { given: withTurns, command: { participantId: 'target' }, expected: parleyItself },
  'ai_response.request': {
    command: { responseId: 'new', participantId: 'ai' },
    expected: everybodyWhoSpeaks,
  },
  'ai_response.regenerate': {
    command: { responseId: 'new', messageId: aiMessage ?? '' },
    expected: everybodyWhoSpeaks,
  },
  'ai_response.start': {
    given: asked,
    command: { responseId: 'running', model: 'builtin/facilitator' },
    expected: { ...parleyItself, ai: 'yes' },
  },
  'ai_response.fail': {
    given: asked,
    command: { responseId: 'running', code: 'ai.unavailable', message: 'Sorry.', retryable: true },
    expected: { ...parleyItself, ai: 'yes' },
  },
  'ai_response.stop': {
    given: asked,
    command: { responseId: 'running' },
    expected: { ...everybodyWhoSpeaks, parley: 'yes' },
  },
  'completion.mark': { command: {}, expected: { ...everybodyWhoSpeaks, ai: 'participant.not_a_person' } },
  'completion.withdraw': {
    given: marked,
    command: {},
    expected: { ...everybodyWhoSpeaks, ai: 'completion.not_marked' },
  },
  'settings.change': { command: { changes: { aiHops: 1 } }, expected: hostsOnly },
};

describe('who may do what', () => {
  it('has a row for every command', () => {
    expect(Object.keys(matrix).sort()).toEqual(Object.keys(commands).sort());
  });

  describe.each(Object.entries(matrix))('%s', (type, { given: scenario = base, command, expected }) => {
    it.each(actors)('%s', (actor) => {
      const wanted = expected[actor] ?? expected.others;
      const outcome = given(scenario).when({ type, ...command } as ChatCommand, { actor });
      if (wanted === 'yes') expect(outcome.events).not.toHaveLength(0);
      else outcome.refuses(wanted);
    });
  });
});

describe('who was removed', () => {
  const removed = base.by('host', { type: 'participant.remove', participantId: 'member' });
  const closedToOutsiders = Object.entries(matrix).filter(([, { expected }]) => expected.outsider === hidden);

  it.each(closedToOutsiders)('is told about %s what an outsider is told', (type, { command }) => {
    given(removed)
      .when({ type, ...command } as ChatCommand, { actor: 'member' })
      .refuses(hidden);
  });
});

describe('abilities', () => {
  const of = (scenario: Scenario, id: string) => {
    const participant = scenario.chat.participants.find((candidate) => candidate.id === id);
    if (participant === undefined) throw new Error(`${id} is not in the chat`);
    return abilities(scenario.chat, participant, scenario.at);
  };

  it('agree with what `decide` does, for every role and in every state', () => {
    const archived = base.by('host', { type: 'chat.archive' });
    for (const scenario of [base, withTurns, archived, asked]) {
      for (const id of ['host', 'member', 'guest', 'observer', 'target']) {
        const may = of(scenario, id);
        const accepts = (type: CommandType, command: object = matrix[type].command) =>
          accepted(scenario, { type, ...command } as ChatCommand, id);
        expect([id, may.composer.open]).toEqual([id, accepts('message.send')]);
        expect([id, may.react]).toEqual([id, accepts('reaction.add', { messageId: aiMessage, emoji: '🎉' })]);
        expect([id, may.complete]).toEqual([id, accepts('completion.mark')]);
        expect([id, may.skipTurn]).toEqual([id, accepts('turn.skip')]);
        expect([id, may.steerTurns]).toEqual([id, accepts('turn.reset')]);
        expect([id, may.inviteGuests]).toEqual([id, accepts('participant.invite')]);
        expect([id, may.invite]).toEqual([id, accepts('participant.add')]);
        expect([id, may.moderate]).toEqual([
          id,
          accepts('participant.mute', { participantId: 'guest', muted: true }),
        ]);
        expect([id, may.configure]).toEqual([id, accepts('settings.change')]);
        expect([id, may.archive]).toEqual([id, accepts('chat.archive') || accepts('chat.restore')]);
      }
    }
  });

  it('say why the composer is closed', () => {
    expect(of(withTurns, 'member').composer).toEqual({
      open: false,
      code: 'turn.not_yours',
      reason: new Refusal('turn.not_yours').message,
      details: { holder: 'target' },
    });
    expect(of(base, 'observer').composer).toMatchObject({ open: false, code: 'participant.observer' });
    expect(of(base, 'member').composer).toEqual({ open: true });
  });
});

function accepted(scenario: Scenario, command: ChatCommand, actor: string): boolean {
  try {
    return given(scenario).when(command, { actor }).events.length > 0;
  } catch {
    return false;
  }
}
