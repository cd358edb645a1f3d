import { describe, expect, it } from 'vitest';
import { type ExpectedEvent, given, openChat, uuidFor } from '../testing.ts';

const mark = { type: 'completion.mark' } as const;
const withdraw = { type: 'completion.withdraw' } as const;
const chat = openChat({ people: ['ada', 'ben', { id: 'ola', role: 'observer' }], ais: ['helper'] });

describe('completion', () => {
  it('is reached when the last person who takes part has marked it; observers and AIs do not count', () => {
    given(chat)
      .when(mark, { actor: 'ada' })
      .yields({ type: 'completion.marked', data: { participantId: 'ada' } });
    const outcome = given(chat.by('ada', mark)).when(mark, { actor: 'ben' });
    outcome.yields('completion.marked', {
      type: 'completion.reached',
      data: { participants: ['ada', 'ben'] },
    });
    expect(outcome.chat.completion).toEqual({ marked: ['ada', 'ben'], reachedAt: chat.after(1).at });
  });

  it('is marked once by each', () => {
    given(chat.by('ada', mark)).when(mark, { actor: 'ada' }).refuses('completion.already_marked');
  });

  it('is not for observers, nor for AI participants', () => {
    given(chat).when(mark, { actor: 'ola' }).refuses('participant.observer');
    given(chat).when(mark, { actor: 'helper' }).refuses('participant.not_a_person');
  });

  it('can be withdrawn, before and after it was reached', () => {
    given(chat).when(withdraw, { actor: 'ada' }).refuses('completion.not_marked');
    const reached = chat.by('ada', mark).by('ben', mark);
    const outcome = given(reached).when(withdraw, { actor: 'ben' });
    outcome.yields({ type: 'completion.withdrawn', data: { participantId: 'ben' } });
    expect(outcome.chat.completion).toEqual({ marked: ['ada'], reachedAt: null });
    given(reached.by('ben', withdraw))
      .when(mark, { actor: 'ben' })
      .yields('completion.marked', 'completion.reached');
  });

  it('is reached when the only person who had not marked it goes', () => {
    const waiting = chat.by('ada', mark);
    const reached: ExpectedEvent = { type: 'completion.reached', data: { participants: ['ada'] } };
    given(waiting).when({ type: 'participant.leave' }, { actor: 'ben' }).yields('participant.left', reached);
    given(waiting)
      .when({ type: 'participant.remove', participantId: 'ben' }, { actor: 'ada' })
      .yields('participant.removed', reached);
    given(waiting)
      .when({ type: 'participant.change_role', participantId: 'ben', role: 'observer' }, { actor: 'ada' })
      .yields('participant.role_changed', reached);
  });

  it('is not reached by everybody going', () => {
    const alone = openChat({ people: ['ada'] });
    given(alone).when({ type: 'participant.leave' }, { actor: 'ada' }).yields('participant.left');
  });

  it('forgets the mark of who went and came back', () => {
    const back = chat
      .by('ada', {
        type: 'participant.invite',
        inviteId: uuidFor(500),
        role: 'member',
        expiresAt: '2026-12-01T00:00:00.000Z',
        maxUses: null,
      })
      .by('ben', mark)
      .by('ben', { type: 'participant.leave' })
      .by('ben', { type: 'participant.join', inviteId: uuidFor(500), name: 'Ben' });
    expect(back.chat.completion.marked).toEqual([]);
  });
});
