import { Refusal, type RefusalCode } from '@parley/chat';
import { EventLogError, type EventLogErrorCode } from '@parley/event-log';

const codes: Partial<Record<EventLogErrorCode, RefusalCode>> = {
  'log.overloaded': 'server.overloaded',
  'log.closed': 'server.stopping',
  'log.storage_failed': 'server.storage_failed',
  'log.invalid_event': 'request.invalid',
};

/** The refusal behind an expected failure of the log; anything else is a bug and is returned as it is. */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof EventLogError)) return error;
  const code = codes[error.code];
  return code === undefined ? error : new Refusal(code);
}
