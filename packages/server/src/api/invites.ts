import { findParticipant, joined, Refusal, requireAbility } from '@parley/chat';
import * as api from '@parley/chat/api';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { actorOf, type Caller } from '../accounts/caller.ts';
import type { SignedIn } from '../accounts/sessions.ts';
import { callerOf, credentialsOf } from './access.ts';
import { execute, giveCommand } from './give-command.ts';
import { meOf } from './me.ts';
import { chatParams, inviteParams, tokenParams } from './params.ts';
import type { Services } from './services.ts';

const tags = ['invites'];

/** Invite links, for those who are in the chat. */
export function inviteRoutes(services: Services): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/chats/:chatId/invites',
      {
        schema: {
          tags,
          summary: 'Make an invite link',
          params: chatParams,
          body: api.createInviteBody,
          response: { 201: api.inviteResponse },
        },
      },
      async (request, reply) => {
        const { chatId } = request.params;
        const { role, hours, maxUses } = request.body;
        const inviteId = uuidv7();
        const expiresAt = new Date(Date.now() + hours * 3_600_000).toISOString();
        const command = { type: 'participant.invite' as const, inviteId, role, expiresAt, maxUses };
        await execute(services, request, chatId, command);
        const token = services.accounts.invites.add({ inviteId, chatId, createdBy: callerOf(request).id });
        const url = `${services.publicUrl()}/invites/${token}`;
        return reply.code(201).send({ inviteId, url, token, role, expiresAt });
      },
    );

    app.delete(
      '/v1/chats/:chatId/invites/:inviteId',
      {
        schema: {
          tags,
          summary: 'End an invite link',
          params: inviteParams,
          response: { 200: api.commandResponse },
        },
      },
      (request) => {
        const { chatId, inviteId } = request.params;
        return giveCommand(services, request, chatId, { type: 'participant.revoke_invite', inviteId });
      },
    );
  };
}

/** What a link opens to somebody who is not in the chat yet, signed in or not. */
export function inviteLinkRoutes(services: Services): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/invites/:token',
      {
        schema: {
          tags,
          summary: 'See where an invite link leads',
          params: tokenParams,
          response: { 200: api.invitePreview },
        },
      },
      async (request) => {
        const { chat, invite, createdBy } = await findUsable(services, request.params.token);
        return {
          chatId: chat.id,
          chatTitle: chat.title,
          invitedBy: findParticipant(chat, createdBy)?.name ?? '',
          role: invite.role,
          expiresAt: invite.expiresAt,
        };
      },
    );

    app.post(
      '/v1/invites/:token/accept',
      {
        schema: {
          tags,
          summary: 'Come in by an invite link',
          description:
            'Signed in, send nothing; as a guest, a name; through a link for members or hosts, name, e-mail ' +
            'and password make an account.',
          params: tokenParams,
          body: api.acceptInviteBody,
          response: { 200: z.object({ chatId: z.string(), me: api.meResponse }) },
        },
      },
      async (request, reply) => {
        const { chat, invite } = await findUsable(services, request.params.token);
        const signedIn = await services.accounts.authenticate(credentialsOf(request)).catch(() => undefined);
        const arrival: SignedIn =
          signedIn === undefined
            ? await arrive(services, invite.role, request.body)
            : { caller: signedIn, cookies: [] };
        const { caller, cookies } = arrival;
        if (cookies.length > 0) reply.header('set-cookie', cookies);
        if (!joined(chat, caller.id)) await join(services, chat.id, invite.id, caller, request.id);
        return { chatId: chat.id, me: meOf(caller, services) };
      },
    );
  };
}

async function findUsable({ accounts, sessions }: Services, token: string) {
  const target = accounts.invites.find(token);
  if (target === undefined) throw new Refusal('invite.not_found');
  const chat = await sessions.load(target.chatId);
  const invite = chat.invites.find(({ id }) => id === target.inviteId);
  const now = new Date().toISOString();
  const open = invite !== undefined && invite.expiresAt > now && (invite.maxUses ?? Infinity) > invite.uses;
  // Who invited is answerable for the link: when they are gone, or may no longer invite, so is it.
  const inviter = { id: target.createdBy, kind: 'person' as const };
  if (!open) throw new Refusal('invite.not_found');
  try {
    requireAbility(chat, inviter, invite.role === 'guest' ? 'inviteGuests' : 'invite');
  } catch {
    throw new Refusal('invite.not_found');
  }
  return { chat, invite, createdBy: target.createdBy };
}

function arrive(
  { accounts }: Services,
  role: string,
  { name, email, password }: z.infer<typeof api.acceptInviteBody>,
): Promise<SignedIn> {
  if (name === undefined) {
    throw new Refusal('auth.required', { sentence: 'Sign in, or give a name to come as a guest.' });
  }
  if (email === undefined && password === undefined) return accounts.signInGuest(name);
  if (email === undefined || password === undefined) {
    const sentence = 'An account needs both `email` and `password`.';
    throw new Refusal('request.invalid', { sentence });
  }
  if (role === 'guest') {
    const sentence = 'This link lets guests in by name; it does not make accounts.';
    throw new Refusal('auth.forbidden', { sentence });
  }
  return accounts.signUp({ name, email, password });
}

async function join(
  { orchestrator }: Services,
  chatId: string,
  inviteId: string,
  caller: Caller,
  correlationId: string,
): Promise<void> {
  try {
    await orchestrator.execute({
      chatId,
      command: { type: 'participant.join', inviteId, name: caller.name },
      actor: actorOf(caller),
      correlationId,
    });
  } catch (error) {
    // Two clicks on the link.
    if (!Refusal.is(error) || error.code !== 'participant.already_joined') throw error;
  }
}
