import { describe, expect, it } from 'vitest';
import type { ChatCommand } from '../commands.ts';
import { defaultSettings } from '../settings.ts';
import { given, openChat, Scenario } from '../testing.ts';

const create: ChatCommand<'chat.create'> = {
  type: 'chat.create',
  title: 'Summer',
  name: 'Ada',
  settings: defaultSettings,
  participants: [],
};
const ben = { id: 'ben', kind: 'person', name: 'Ben', role: 'member' } as const;

describe('chat.create', () => {
  it('opens a chat with its creator as host and the others in the order given', () => {
    const outcome = given().when({ ...create, participants: [ben] }, { actor: 'ada' });
    outcome.yields(
      { type: 'chat.created', data: { title: 'Summer', createdBy: 'ada', settings: defaultSettings } },
      {
        type: 'participant.joined',
        data: { participant: { id: 'ada', kind: 'person', name: 'Ada', role: 'host' } },
      },
      { type: 'participant.joined', data: { participant: ben } },
    );
    expect(outcome.chat.participants.map(({ id, role }) => [id, role])).toEqual([
      ['ada', 'host'],
      ['ben', 'member'],
    ]);
  });

  it('gives the first turn at once where the mode has turns', () => {
    given()
      .when({ ...create, settings: { ...defaultSettings, turnMode: 'rounds' } }, { actor: 'ada' })
      .yields('chat.created', 'participant.joined', {
        type: 'turn.changed',
        data: { holder: 'ada', round: 1, spoken: [], expiresAt: null },
      });
  });

  it('refuses an id that is taken', () => {
    given(openChat()).when(create, { actor: 'ada' }).refuses('chat.exists');
    given(openChat()).when(create, { actor: 'mallory' }).refuses('chat.exists');
  });

  it('refuses the same participant twice, and the creator among the others', () => {
    given()
      .when({ ...create, participants: [ben, ben] }, { actor: 'ada' })
      .refuses('participant.already_joined');
    given()
      .when({ ...create, participants: [{ ...ben, id: 'ada' }] }, { actor: 'ada' })
      .refuses('participant.already_joined');
  });
});

describe('a chat that does not exist', () => {
  it('answers every other command alike', () => {
    given(Scenario.nothing()).when({ type: 'chat.restore' }, { actor: 'ada' }).refuses('chat.not_found');
    given(Scenario.nothing())
      .when({ type: 'completion.mark' }, { actor: 'parley' })
      .refuses('chat.not_found');
  });
});

describe('chat.update', () => {
  it('changes the title', () => {
    const outcome = given(openChat()).when({ type: 'chat.update', title: 'Winter' }, { actor: 'ada' });
    outcome.yields({ type: 'chat.updated', data: { title: 'Winter' } });
    expect(outcome.chat.title).toBe('Winter');
  });

  it('does nothing when the title is the same', () => {
    given(openChat({ title: 'Summer' }))
      .when({ type: 'chat.update', title: 'Summer' }, { actor: 'ada' })
      .yields();
  });
});

describe('archiving', () => {
  const archived = openChat({ people: ['ada', 'ben'], ais: ['helper'] })
    .says('ben', 'Hello')
    .answers('helper')
    .by('ada', { type: 'chat.archive' });

  it('closes the chat for writing and leaves it readable', () => {
    expect(archived.chat.status).toBe('archived');
    const messageId = archived.lastMessageId;
    given(archived)
      .when({ type: 'message.send', messageId: 'x', text: 'Hi' }, { actor: 'ada' })
      .refuses('chat.archived');
    given(archived)
      .when({ type: 'reaction.add', messageId, emoji: '👍' }, { actor: 'ada' })
      .refuses('chat.archived');
    given(archived).when({ type: 'completion.mark' }, { actor: 'ada' }).refuses('chat.archived');
    given(archived)
      .when({ type: 'settings.change', changes: { aiHops: 1 } }, { actor: 'ada' })
      .refuses('chat.archived');
    given(archived).when({ type: 'message.read', sequence: 5 }, { actor: 'ada' }).yields('message.read');
  });

  it('lets people go and be removed', () => {
    given(archived).when({ type: 'participant.leave' }, { actor: 'ben' }).yields('participant.left');
    given(archived)
      .when({ type: 'participant.remove', participantId: 'ben' }, { actor: 'ada' })
      .yields('participant.removed');
  });

  it('stops AI replies in progress', () => {
    given(openChat({ ais: ['helper'] }).says('ada', 'Hello'))
      .when({ type: 'chat.archive' }, { actor: 'ada' })
      .yields('chat.archived', { type: 'ai_response.stopped', data: { participantId: 'helper' } });
  });

  it('happens once, and restoring only after it', () => {
    given(archived).when({ type: 'chat.archive' }, { actor: 'ada' }).refuses('chat.archived');
    given(openChat()).when({ type: 'chat.restore' }, { actor: 'ada' }).refuses('chat.not_archived');
  });

  it('is undone by restoring', () => {
    const restored = archived.by('ada', { type: 'chat.restore' });
    expect(restored.chat.status).toBe('open');
    given(restored)
      .when({ type: 'message.send', messageId: 'x', text: 'Back' }, { actor: 'ben' })
      .yields('message.sent', 'ai_response.requested');
  });

  it('holds the turn for its holder, whose time begins anew when the chat is restored', () => {
    const chat = openChat({ people: ['ada', 'ben'], settings: { turnMode: 'strict', turnSeconds: 60 } })
      .by('ada', { type: 'chat.archive' })
      .after(3600);
    given(chat)
      .when({ type: 'turn.expire', participantId: 'ada' }, { actor: 'parley' })
      .refuses('turn.not_expired');
    const expiresAt = new Date(Date.parse(chat.at) + 60_000).toISOString();
    given(chat)
      .when({ type: 'chat.restore' }, { actor: 'ada' })
      .yields('chat.restored', { type: 'turn.changed', data: { holder: 'ada', expiresAt } });
  });
});

describe('settings.change', () => {
  it('names what changed and nothing else', () => {
    const outcome = given(openChat()).when(
      {
        type: 'settings.change',
        changes: { aiHops: 1, messagesPerMinute: defaultSettings.messagesPerMinute },
      },
      { actor: 'ada' },
    );
    outcome.yields({ type: 'settings.changed', data: { changes: { aiHops: 1 } } });
    expect(outcome.chat.settings).toEqual({ ...defaultSettings, aiHops: 1 });
  });

  it('does nothing when nothing is different', () => {
    given(openChat()).when({ type: 'settings.change', changes: {} }, { actor: 'ada' }).yields();
    given(openChat()).when({ type: 'settings.change', changes: defaultSettings }, { actor: 'ada' }).yields();
  });

  it('turns into a change of mode, with the first turn of the new one', () => {
    const outcome = given(openChat({ people: ['ada', 'ben'] })).when(
      { type: 'settings.change', changes: { turnMode: 'strict' } },
      { actor: 'ada' },
    );
    outcome.yields(
      { type: 'turn.mode_changed', data: { mode: 'strict' } },
      { type: 'turn.changed', data: { holder: 'ada', round: 1 } },
    );
    expect(outcome.chat.settings.turnMode).toBe('strict');
  });

  it('starts, changes and ends the time of the present turn', () => {
    const strict = openChat({ people: ['ada', 'ben'], settings: { turnMode: 'strict' } });
    const timed = strict.by('ada', { type: 'settings.change', changes: { turnSeconds: 30 } });
    expect(timed.chat.turn.expiresAt).toBe(new Date(Date.parse(strict.at) + 30_000).toISOString());
    const untimed = timed.by('ada', { type: 'settings.change', changes: { turnSeconds: null } });
    expect(untimed.chat.turn.expiresAt).toBe(null);
  });
});
