import { describe, expect, it } from 'vitest';
import { given, openChat } from '../testing.ts';

const chat = openChat({ people: ['ada', 'ben', { id: 'ola', role: 'observer' }] }).says('ada', 'Hello');
const { sequence } = chat.chat;

describe('message.read', () => {
  it('moves the marker of who reads', () => {
    const outcome = given(chat).when({ type: 'message.read', sequence }, { actor: 'ben' });
    outcome.yields({ type: 'message.read', data: { participantId: 'ben', sequence } });
    expect(outcome.chat.readMarkers).toMatchObject({ ben: sequence });
  });

  it('never goes back', () => {
    const read = chat.by('ben', { type: 'message.read', sequence });
    given(read)
      .when({ type: 'message.read', sequence: sequence - 1 }, { actor: 'ben' })
      .yields();
    given(read).when({ type: 'message.read', sequence }, { actor: 'ben' }).yields();
  });

  it('refuses what has not happened yet', () => {
    given(chat)
      .when({ type: 'message.read', sequence: sequence + 1 }, { actor: 'ben' })
      .refuses('message.ahead');
  });

  it('is for observers too', () => {
    given(chat).when({ type: 'message.read', sequence }, { actor: 'ola' }).yields('message.read');
  });

  it('counts what one says oneself as read', () => {
    expect(chat.chat.readMarkers).toEqual({ ada: sequence });
    given(chat).when({ type: 'message.read', sequence }, { actor: 'ada' }).yields();
  });
});
