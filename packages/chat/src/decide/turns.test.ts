import { describe, expect, it } from 'vitest';
import type { TurnMode } from '../fields.ts';
import { given, openChat, type Scenario, uuidFor } from '../testing.ts';

const send = { type: 'message.send', messageId: uuidFor(900), text: 'Hi' } as const;
const skip = { type: 'turn.skip' } as const;
const reset = { type: 'turn.reset' } as const;
const grant = (participantId: string) => ({ type: 'turn.grant', participantId }) as const;
const holder = (id: string | null) => ({ type: 'turn.changed', data: { holder: id } }) as const;

const open = (turnMode: TurnMode, turnSeconds: number | null = null) =>
  openChat({ people: ['ada', 'ben', 'cy'], settings: { turnMode, turnSeconds } });
const inSeconds = (scenario: Scenario, seconds: number) => scenario.after(seconds).at;

describe('flexible', () => {
  it('lets anyone speak at any time', () => {
    given(open('flexible').says('ben', 'One')).when(send, { actor: 'ben' }).yields('message.sent');
  });

  it('has no turns to skip, grant or reset', () => {
    for (const command of [skip, grant('ben'), reset]) {
      given(open('flexible')).when(command, { actor: 'ada' }).refuses('turn.not_used');
    }
  });
});

describe('moderated', () => {
  const full = open('moderated').says('ben', 'One').says('ben', 'Two');

  it('limits the messages that a person sends in a minute, and says when to try again', () => {
    const retryAt = full.chat.messages[0]?.at ?? '';
    given(full)
      .when(send, { actor: 'ben' })
      .refuses('turn.rate_limited', {
        limit: 2,
        retryAt: new Date(Date.parse(retryAt) + 60_000).toISOString(),
      });
  });

  it('lets others go on meanwhile', () => {
    given(full).when(send, { actor: 'cy' }).yields('message.sent');
  });

  it('lets the person go on as soon as the first message is a minute old', () => {
    given(full.after(57)).when(send, { actor: 'ben' }).refuses('turn.rate_limited');
    given(full.after(58)).when(send, { actor: 'ben' }).yields('message.sent');
  });

  it('takes the limit from the settings', () => {
    const more = full.by('ada', { type: 'settings.change', changes: { messagesPerMinute: 3 } });
    given(more).when(send, { actor: 'ben' }).yields('message.sent');
    given(more.says('ben', 'Three')).when(send, { actor: 'ben' }).refuses('turn.rate_limited');
  });
});

describe('strict', () => {
  const chat = open('strict');

  it('lets people speak in joining order, round and round', () => {
    let next = chat;
    for (const [speaker, follower] of [
      ['ada', 'ben'],
      ['ben', 'cy'],
      ['cy', 'ada'],
    ] as const) {
      given(next).when(send, { actor: speaker }).yields('message.sent', holder(follower));
      given(next).when(send, { actor: follower }).refuses('turn.not_yours', { holder: speaker });
      next = next.says(speaker, 'Mine');
    }
    expect(next.chat.turn).toMatchObject({ holder: 'ada', spoken: [] });
  });

  it('gives a person who is alone the turn again', () => {
    given(openChat({ settings: { turnMode: 'strict' } }))
      .when(send, { actor: 'ada' })
      .yields('message.sent', holder('ada'));
  });
});

describe('rounds', () => {
  const chat = open('rounds');
  const lastOfRound = chat.says('ada', 'A').says('ben', 'B');

  it('lets everybody speak once a round', () => {
    expect(lastOfRound.chat.turn).toMatchObject({ holder: 'cy', round: 1, spoken: ['ada', 'ben'] });
    given(lastOfRound).when(send, { actor: 'ada' }).refuses('turn.not_yours');
    given(lastOfRound)
      .when(send, { actor: 'cy' })
      .yields('message.sent', { type: 'turn.changed', data: { holder: 'ada', round: 2, spoken: [] } });
  });

  it('counts who was skipped as having had their turn', () => {
    given(lastOfRound)
      .when(skip, { actor: 'cy' })
      .yields('turn.skipped', { type: 'turn.changed', data: { holder: 'ada', round: 2, spoken: [] } });
  });

  it('gives a second word to who is granted the turn in the same round', () => {
    const granted = lastOfRound.by('ada', grant('ada'));
    expect(granted.chat.turn).toMatchObject({ holder: 'ada', round: 1, spoken: ['ben'] });
    expect(granted.says('ada', 'Again').chat.turn).toMatchObject({ holder: 'cy', round: 1 });
  });

  it('takes who comes in the middle of a round into it', () => {
    const dan = { id: 'dan', kind: 'person', name: 'Dan', role: 'member' } as const;
    const joined = lastOfRound.by('ada', { type: 'participant.add', participant: dan });
    expect(joined.chat.turn).toMatchObject({ holder: 'cy', round: 1 });
    expect(joined.says('cy', 'C').chat.turn).toMatchObject({ holder: 'dan', round: 1 });
    expect(joined.says('cy', 'C').says('dan', 'D').chat.turn).toMatchObject({ holder: 'ada', round: 2 });
  });

  it('completes the round when the only one who had not spoken goes', () => {
    given(lastOfRound)
      .when({ type: 'participant.leave' }, { actor: 'cy' })
      .yields('participant.left', { type: 'turn.changed', data: { holder: 'ada', round: 2, spoken: [] } });
  });
});

describe.each(['strict', 'rounds'] as const)('a turn in %s mode', (turnMode) => {
  const chat = open(turnMode);

  it('is skipped by its holder or a host, not by others', () => {
    given(chat).when(skip, { actor: 'ada' }).yields('turn.skipped', holder('ben'));
    const bens = chat.says('ada', 'A');
    given(bens).when(skip, { actor: 'ben' }).yields('turn.skipped', holder('cy'));
    given(bens)
      .when(skip, { actor: 'ada' })
      .yields({ type: 'turn.skipped', data: { participantId: 'ben' } }, holder('cy'));
    given(bens).when(skip, { actor: 'cy' }).refuses('participant.not_allowed');
  });

  it('is granted by a host to a person who may speak', () => {
    given(chat)
      .when(grant('cy'), { actor: 'ada' })
      .yields({ type: 'turn.granted', data: { participantId: 'cy' } }, holder('cy'));
    given(chat).when(grant('cy'), { actor: 'cy' }).refuses('participant.not_allowed');
    given(chat).when(grant('nobody'), { actor: 'ada' }).refuses('participant.not_found');
  });

  it('is not granted to the muted, to observers or to AIs', () => {
    const mixed = openChat({
      people: ['ada', 'ben', { id: 'ola', role: 'observer' }],
      ais: ['helper'],
      settings: { turnMode },
    }).by('ada', { type: 'participant.mute', participantId: 'ben', muted: true });
    for (const id of ['ben', 'ola', 'helper']) {
      given(mixed).when(grant(id), { actor: 'ada' }).refuses('turn.not_eligible');
    }
  });

  it('begins with the first person again after a reset', () => {
    const outcome = given(chat.says('ada', 'A')).when(reset, { actor: 'ada' });
    outcome.yields('turn.reset', { type: 'turn.changed', data: { holder: 'ada', round: 1, spoken: [] } });
    given(chat).when(reset, { actor: 'ben' }).refuses('participant.not_allowed');
  });

  it.each([
    ['leaves', 'ben', { type: 'participant.leave' }],
    ['is removed', 'ada', { type: 'participant.remove', participantId: 'ben' }],
    ['is muted', 'ada', { type: 'participant.mute', participantId: 'ben', muted: true }],
    [
      'becomes an observer',
      'ada',
      { type: 'participant.change_role', participantId: 'ben', role: 'observer' },
    ],
  ] as const)('passes on when its holder %s', (_what, actor, command) => {
    const outcome = given(chat.says('ada', 'A')).when(command, { actor });
    expect(outcome.events.at(-1)).toMatchObject(holder('cy'));
  });

  it('stays where it is when somebody else comes, goes or is muted', () => {
    const dan = { id: 'dan', kind: 'person', name: 'Dan', role: 'member' } as const;
    given(chat)
      .when({ type: 'participant.add', participant: dan }, { actor: 'ada' })
      .yields('participant.joined');
    given(chat).when({ type: 'participant.leave' }, { actor: 'ben' }).yields('participant.left');
    given(chat)
      .when({ type: 'participant.mute', participantId: 'cy', muted: true }, { actor: 'ada' })
      .yields('participant.muted');
  });

  it("is nobody's while nobody may speak, and the first who may gets it", () => {
    const mute = (muted: boolean) => ({ type: 'participant.mute', participantId: 'ada', muted }) as const;
    const alone = openChat({ people: ['ada', { id: 'ola', role: 'observer' }], settings: { turnMode } });
    given(alone).when(mute(true), { actor: 'ada' }).yields('participant.muted', holder(null));
    const silent = alone.by('ada', mute(true));
    given(silent).when(skip, { actor: 'ada' }).refuses('turn.not_eligible');
    given(silent).when(mute(false), { actor: 'ada' }).yields('participant.muted', holder('ada'));
    given(silent)
      .when({ type: 'participant.change_role', participantId: 'ola', role: 'member' }, { actor: 'ada' })
      .yields('participant.role_changed', holder('ola'));
  });

  it('ends with the mode', () => {
    given(chat)
      .when({ type: 'settings.change', changes: { turnMode: 'flexible' } }, { actor: 'ada' })
      .yields('turn.mode_changed', {
        type: 'turn.changed',
        data: { holder: null, spoken: [], expiresAt: null },
      });
  });
});

describe('the time of a turn', () => {
  const chat = open('strict', 60);
  const expire = (participantId: string) => ({ type: 'turn.expire', participantId }) as const;
  const due = { actor: 'parley', at: chat.chat.turn.expiresAt ?? '' };

  it('runs from the moment the turn begins', () => {
    const outcome = given(chat).when(send, { actor: 'ada' });
    outcome.yields('message.sent', { type: 'turn.changed', data: { expiresAt: inSeconds(chat, 60) } });
  });

  it('passes the turn on when it is over, and not before', () => {
    given(chat).when(expire('ada'), { actor: 'parley' }).refuses('turn.not_expired');
    given(chat)
      .when(expire('ada'), due)
      .yields({ type: 'turn.expired', data: { participantId: 'ada' } }, holder('ben'));
  });

  it('only expires the turn of its holder, and only by Parley itself', () => {
    given(chat).when(expire('ben'), due).refuses('turn.not_expired');
    given(chat)
      .when(expire('ada'), { ...due, actor: 'ada' })
      .refuses('participant.not_allowed');
    given(open('strict')).when(expire('ada'), due).refuses('turn.not_expired');
  });

  it('does not run while an AI answers, and begins when the answer is there', () => {
    const answering = openChat({
      people: ['ada', 'ben'],
      ais: ['helper'],
      settings: { turnMode: 'strict', turnSeconds: 60 },
    })
      .says('ada', 'Hello')
      .after(3600);
    given(answering).when(expire('ben'), { actor: 'parley' }).refuses('turn.not_expired');
    expect(answering.answers('helper').chat.turn.expiresAt).toBe(inSeconds(answering, 60));
    const stopped = answering.by('ada', { type: 'ai_response.stop', responseId: reply(answering) });
    expect(stopped.chat.turn.expiresAt).toBe(inSeconds(answering, 60));
    const removed = answering.by('ada', { type: 'participant.remove', participantId: 'helper' });
    expect(removed.chat.turn.expiresAt).toBe(inSeconds(answering, 60));
  });

  it('completes a round as a message would', () => {
    const chat = openChat({
      people: ['ada', 'ben'],
      ais: ['helper'],
      settings: { turnMode: 'rounds', turnSeconds: 60 },
    }).says('ada', 'A');
    given(chat.after(60))
      .when(expire('ben'), { actor: 'parley' })
      .yields('turn.expired', { type: 'turn.changed', data: { round: 2 } }, 'ai_response.requested');
  });
});

function reply(scenario: Scenario): string {
  return scenario.chat.aiReplies[0]?.responseId ?? '';
}
