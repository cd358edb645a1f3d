import { describe, expect, it } from 'vitest';
import type { Role } from '../fields.ts';
import { given, openChat, uuidFor } from '../testing.ts';

const inviteId = uuidFor(500);
const expiresAt = '2026-01-08T00:00:00.000Z';
const invite = (role: Role = 'guest', maxUses: number | null = null) =>
  ({ type: 'participant.invite', inviteId, role, expiresAt, maxUses }) as const;
const join = { type: 'participant.join', inviteId, name: 'Cy' } as const;

const chat = openChat({ people: ['ada', 'ben', { id: 'gus', role: 'guest' }] });

describe('participant.invite', () => {
  it('is known by its id, and its secret is in no event', () => {
    const outcome = given(chat).when(invite('guest', 3), { actor: 'ada' });
    outcome.yields({ type: 'participant.invited', data: { inviteId, role: 'guest', expiresAt, maxUses: 3 } });
    expect(outcome.chat.invites).toEqual([{ id: inviteId, role: 'guest', expiresAt, maxUses: 3, uses: 0 }]);
  });

  it('lets members invite guests and nobody else', () => {
    given(chat).when(invite('guest'), { actor: 'ben' }).yields('participant.invited');
    for (const role of ['member', 'host', 'observer'] as const) {
      given(chat).when(invite(role), { actor: 'ben' }).refuses('participant.not_allowed');
      given(chat).when(invite(role), { actor: 'ada' }).yields('participant.invited');
    }
    given(chat).when(invite('guest'), { actor: 'gus' }).refuses('participant.not_allowed');
  });

  it('is one invite when it is made twice under the same id', () => {
    given(chat.by('ada', invite())).when(invite(), { actor: 'ada' }).yields();
  });
});

describe('participant.join', () => {
  const invited = chat.by('ada', invite('member'));

  it('lets somebody in with the role of the invite, as a person', () => {
    given(invited)
      .when(join, { actor: 'cy' })
      .yields({
        type: 'participant.joined',
        data: { participant: { id: 'cy', kind: 'person', name: 'Cy', role: 'member' }, inviteId },
      });
  });

  it('refuses an unknown invite', () => {
    given(chat).when(join, { actor: 'cy' }).refuses('invite.not_found');
  });

  it('refuses from the moment at which the invite expires', () => {
    given(invited).when(join, { actor: 'cy', at: expiresAt }).refuses('invite.not_found');
    given(invited).when(join, { actor: 'cy', at: '2026-01-07T23:59:59.999Z' }).yields('participant.joined');
  });

  it('compares moments, however they are written', () => {
    const briefly = chat.by('ada', { ...invite(), expiresAt: '2026-01-08T00:00:00Z' });
    given(briefly).when(join, { actor: 'cy', at: '2026-01-08T00:00:00.500Z' }).refuses('invite.not_found');
  });

  it('refuses when the invite is used up; who is in already does not use it', () => {
    const once = chat.by('ada', invite('guest', 1));
    given(once).when(join, { actor: 'ben' }).refuses('participant.already_joined');
    given(once.by('cy', join)).when(join, { actor: 'dan' }).refuses('invite.not_found');
  });

  it('refuses in an archived chat', () => {
    given(invited.by('ada', { type: 'chat.archive' }))
      .when(join, { actor: 'cy' })
      .refuses('chat.archived');
  });

  it('lets those back who left, and not those who were removed', () => {
    given(invited.by('ben', { type: 'participant.leave' }))
      .when(join, { actor: 'ben' })
      .yields('participant.joined');
    given(invited.by('ada', { type: 'participant.remove', participantId: 'ben' }))
      .when(join, { actor: 'ben' })
      .refuses('invite.not_found');
  });
});

describe('participant.revoke_invite', () => {
  it('ends the invite', () => {
    const revoked = chat.by('ada', invite()).by('ben', { type: 'participant.revoke_invite', inviteId });
    expect(revoked.chat.invites).toEqual([]);
    given(revoked).when(join, { actor: 'cy' }).refuses('invite.not_found');
  });

  it('refuses an unknown invite', () => {
    given(chat)
      .when({ type: 'participant.revoke_invite', inviteId }, { actor: 'ada' })
      .refuses('invite.not_found');
  });
});
