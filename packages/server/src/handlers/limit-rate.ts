import type { BeforeHandler } from '@parley/event-bus';
import { RateLimit } from '../accounts/rate-limit.ts';
import type { GuardedCommand } from '../orchestrator/guarded-command.ts';

/** One person can give only so many commands; AI participants and Parley itself have limits of their own. */
export function limitRate(perSecond: number): BeforeHandler<GuardedCommand> {
  const limit = new RateLimit({ perSecond, burst: perSecond * 5 });
  return ({ actor }) => {
    if (perSecond === 0 || actor.kind !== 'person' || limit.take(actor.id)) return undefined;
    const reason = 'That was a lot at once: wait a moment and try again.';
    return { refuse: { code: 'request.rate_limited', reason } };
  };
}
