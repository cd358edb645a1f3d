import type { Message } from '@parley/client';
import { createContext, useContext, useMemo, useState } from 'react';

/** The message that the next one answers, when one was chosen. */
export interface ReplyTargetState {
  message: Message | undefined;
  set: (message: Message | undefined) => void;
}

export const ReplyTarget = createContext<ReplyTargetState>({ message: undefined, set: () => {} });

export function useReplyTarget(): ReplyTargetState {
  const [message, set] = useState<Message>();
  return useMemo(() => ({ message, set }), [message]);
}

export const useReplyTo = () => useContext(ReplyTarget);
