import { describe, expect, it } from 'vitest';
import { given, openChat } from '../testing.ts';

const said = openChat({ people: ['ada', 'ben'] }).says('ada', 'Hello');
const messageId = said.lastMessageId;
const add = { type: 'reaction.add', messageId, emoji: '👍' } as const;
const remove = { type: 'reaction.remove', messageId, emoji: '👍' } as const;

describe('reaction.add', () => {
  it('puts a reaction on a message, each emoji in the order of its first use', () => {
    given(said)
      .when(add, { actor: 'ben' })
      .yields({ type: 'reaction.added', data: { messageId, emoji: '👍', participantId: 'ben' } });
    const reacted = said
      .by('ben', add)
      .by('ada', { ...add, emoji: '🎉' })
      .by('ada', add);
    expect(reacted.chat.messages[0]?.reactions).toEqual([
      { emoji: '👍', by: ['ben', 'ada'] },
      { emoji: '🎉', by: ['ada'] },
    ]);
  });

  it('does nothing the second time', () => {
    given(said.by('ben', add)).when(add, { actor: 'ben' }).yields();
  });

  it('refuses a message that is not there or no longer', () => {
    given(said.by('ada', { type: 'message.delete', messageId }))
      .when(add, { actor: 'ben' })
      .refuses('message.deleted');
    given(openChat()).when(add, { actor: 'ada' }).refuses('message.not_found');
  });
});

describe('reaction.remove', () => {
  it("takes one's own reaction off and leaves those of others", () => {
    const both = said.by('ada', add).by('ben', add);
    const once = both.by('ben', remove);
    expect(once.chat.messages[0]?.reactions).toEqual([{ emoji: '👍', by: ['ada'] }]);
    expect(once.by('ada', remove).chat.messages[0]?.reactions).toEqual([]);
  });

  it('does nothing when there is none of that kind', () => {
    given(said).when(remove, { actor: 'ben' }).yields();
    given(said.by('ada', add)).when(remove, { actor: 'ben' }).yields();
  });

  it('refuses a message that is not there', () => {
    given(openChat()).when(remove, { actor: 'ada' }).refuses('message.not_found');
  });
});
