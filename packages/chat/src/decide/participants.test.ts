import { describe, expect, it } from 'vitest';
import { given, openChat, uuidFor } from '../testing.ts';

const chat = openChat({ people: ['ada', 'ben'], ais: ['helper'] });
const cy = { id: 'cy', kind: 'person', name: 'Cy', role: 'member' } as const;

describe('participant.add', () => {
  it('brings somebody in, at the end of the joining order', () => {
    const outcome = given(chat).when({ type: 'participant.add', participant: cy }, { actor: 'ada' });
    outcome.yields({ type: 'participant.joined', data: { participant: cy } });
    expect(outcome.chat.participants.map(({ id }) => id)).toEqual(['ada', 'ben', 'helper', 'cy']);
  });

  it('refuses who is in the chat already', () => {
    given(chat)
      .when({ type: 'participant.add', participant: { ...cy, id: 'ben' } }, { actor: 'ada' })
      .refuses('participant.already_joined');
  });

  it('brings back who was removed', () => {
    const removed = chat.by('ada', { type: 'participant.remove', participantId: 'ben' });
    const back = removed.by('ada', {
      type: 'participant.add',
      participant: { ...cy, id: 'ben', name: 'Ben' },
    });
    expect(back.chat.participants.map(({ id, status }) => [id, status])).toEqual([
      ['ada', 'joined'],
      ['helper', 'joined'],
      ['ben', 'joined'],
    ]);
  });
});

describe('participant.leave', () => {
  it('keeps who left listed, as the author of what they said', () => {
    const left = chat.says('ben', 'Bye').by('ben', { type: 'participant.leave' });
    expect(left.chat.participants.find(({ id }) => id === 'ben')).toMatchObject({
      status: 'left',
      name: 'Ben',
    });
    given(left).when({ type: 'completion.mark' }, { actor: 'ben' }).refuses('chat.not_found');
  });

  it('does not leave people without a host', () => {
    given(chat).when({ type: 'participant.leave' }, { actor: 'ada' }).refuses('participant.last_host');
    const two = chat.by('ada', { type: 'participant.change_role', participantId: 'ben', role: 'host' });
    given(two).when({ type: 'participant.leave' }, { actor: 'ada' }).yields('participant.left');
  });

  it('lets the last person go, whoever else is there', () => {
    const alone = chat.by('ben', { type: 'participant.leave' });
    given(alone).when({ type: 'participant.leave' }, { actor: 'ada' }).yields('participant.left');
  });

  it('does not shake off a mute or the limit of messages a minute', () => {
    const inviteId = uuidFor(100);
    const back = openChat({
      people: ['ada', 'ben'],
      settings: { turnMode: 'moderated', messagesPerMinute: 1 },
    })
      .by('ada', {
        type: 'participant.invite',
        inviteId,
        role: 'member',
        expiresAt: '2026-12-01T00:00:00.000Z',
        maxUses: null,
      })
      .says('ben', 'One')
      .by('ben', { type: 'participant.leave' })
      .by('ben', { type: 'participant.join', inviteId, name: 'Ben' });
    given(back)
      .when({ type: 'message.send', messageId: uuidFor(101), text: 'Two' }, { actor: 'ben' })
      .refuses('turn.rate_limited');

    const muted = back
      .by('ada', { type: 'participant.mute', participantId: 'ben', muted: true })
      .by('ben', { type: 'participant.leave' })
      .by('ben', { type: 'participant.join', inviteId, name: 'Ben' });
    expect(muted.chat.participants.at(-1)).toMatchObject({ id: 'ben', muted: true });
  });
});

describe('participant.remove', () => {
  it('ends the right to see and write', () => {
    const removed = chat.by('ada', { type: 'participant.remove', participantId: 'ben' });
    given(removed)
      .when({ type: 'message.send', messageId: uuidFor(50), text: 'Hello?' }, { actor: 'ben' })
      .refuses('chat.not_found');
    given(removed).when({ type: 'message.read', sequence: 1 }, { actor: 'ben' }).refuses('chat.not_found');
  });

  it('refuses who is not there, and the last host', () => {
    given(chat)
      .when({ type: 'participant.remove', participantId: 'nobody' }, { actor: 'ada' })
      .refuses('participant.not_found');
    given(chat)
      .when({ type: 'participant.remove', participantId: 'ada' }, { actor: 'ada' })
      .refuses('participant.last_host');
  });

  it('stops the reply of a removed AI participant', () => {
    given(chat.says('ben', 'Hello'))
      .when({ type: 'participant.remove', participantId: 'helper' }, { actor: 'ada' })
      .yields('participant.removed', { type: 'ai_response.stopped', data: { participantId: 'helper' } });
  });
});

describe('participant.change_role', () => {
  it('changes what a person may do', () => {
    const observer = chat.by('ada', {
      type: 'participant.change_role',
      participantId: 'ben',
      role: 'observer',
    });
    given(observer)
      .when({ type: 'message.send', messageId: uuidFor(50), text: 'But' }, { actor: 'ben' })
      .refuses('participant.observer');
  });

  it('does nothing when the role is the same', () => {
    given(chat)
      .when({ type: 'participant.change_role', participantId: 'ben', role: 'member' }, { actor: 'ada' })
      .yields();
  });

  it('refuses to take the last host away, also from oneself', () => {
    given(chat)
      .when({ type: 'participant.change_role', participantId: 'ada', role: 'member' }, { actor: 'ada' })
      .refuses('participant.last_host');
  });

  it('is for people who are there', () => {
    given(chat)
      .when({ type: 'participant.change_role', participantId: 'helper', role: 'guest' }, { actor: 'ada' })
      .refuses('participant.not_a_person');
    given(chat)
      .when({ type: 'participant.change_role', participantId: 'nobody', role: 'guest' }, { actor: 'ada' })
      .refuses('participant.not_found');
  });
});

describe('participant.mute', () => {
  const muted = chat
    .says('ben', 'First')
    .answers('helper')
    .by('ada', { type: 'participant.mute', participantId: 'ben', muted: true });
  const [first] = muted.chat.messages;
  const messageId = first?.id ?? '';

  it('ends writing, editing and reacting until it is lifted', () => {
    const send = { type: 'message.send', messageId: uuidFor(50), text: 'More' } as const;
    given(muted).when(send, { actor: 'ben' }).refuses('participant.muted');
    given(muted)
      .when({ type: 'message.edit', messageId, text: 'Second' }, { actor: 'ben' })
      .refuses('participant.muted');
    given(muted)
      .when({ type: 'reaction.add', messageId, emoji: '👍' }, { actor: 'ben' })
      .refuses('participant.muted');
    given(muted.by('ada', { type: 'participant.mute', participantId: 'ben', muted: false }))
      .when(send, { actor: 'ben' })
      .yields('message.sent', 'ai_response.requested');
  });

  it('lets the muted read, take back what they said, and mark the chat as done', () => {
    given(muted).when({ type: 'message.read', sequence: 6 }, { actor: 'ben' }).yields('message.read');
    given(muted).when({ type: 'message.delete', messageId }, { actor: 'ben' }).yields('message.deleted');
    given(muted).when({ type: 'completion.mark' }, { actor: 'ben' }).yields('completion.marked');
  });

  it('does nothing when it is so already', () => {
    given(muted)
      .when({ type: 'participant.mute', participantId: 'ben', muted: true }, { actor: 'ada' })
      .yields();
  });

  it('stops the reply of a muted AI participant, which is not asked again', () => {
    const said = chat.says('ben', 'Hello');
    given(said)
      .when({ type: 'participant.mute', participantId: 'helper', muted: true }, { actor: 'ada' })
      .yields('participant.muted', 'ai_response.stopped');
    given(said.by('ada', { type: 'participant.mute', participantId: 'helper', muted: true }))
      .when({ type: 'message.send', messageId: uuidFor(50), text: '@helper?' }, { actor: 'ben' })
      .yields('message.sent');
  });
});

describe('participant.update', () => {
  it("changes an AI participant's name and settings", () => {
    const ai = { policy: 'never', every: 5 } as const;
    const outcome = given(chat).when(
      { type: 'participant.update', participantId: 'helper', name: 'Guide', ai },
      { actor: 'ada' },
    );
    outcome.yields({ type: 'participant.updated', data: { participantId: 'helper', name: 'Guide', ai } });
    expect(outcome.chat.participants.find(({ id }) => id === 'helper')).toMatchObject({ name: 'Guide', ai });
  });

  it('leaves what it does not name as it is, and does nothing when it names nothing', () => {
    const renamed = chat.by('ada', { type: 'participant.update', participantId: 'helper', name: 'Guide' });
    expect(renamed.chat.participants.at(-1)?.ai?.policy).toBe('always');
    given(chat).when({ type: 'participant.update', participantId: 'helper' }, { actor: 'ada' }).yields();
  });

  it('is for AI participants who are there', () => {
    given(chat)
      .when({ type: 'participant.update', participantId: 'ben', name: 'Benny' }, { actor: 'ada' })
      .refuses('participant.not_ai');
    given(chat)
      .when({ type: 'participant.update', participantId: 'nobody', name: 'X' }, { actor: 'ada' })
      .refuses('participant.not_found');
  });
});
