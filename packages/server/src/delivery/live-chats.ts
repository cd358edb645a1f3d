import type { LiveState } from '@parley/chat/api';

interface LiveChat {
  present: Set<string>;
  typing: Map<string, NodeJS.Timeout>;
  replies: Map<string, string>;
  /** Changes whenever anything above does. */
  version: number;
}

// Clients say again that somebody is writing every few seconds; without word from them it is over.
const typingFades = 8_000;

/** What passes and is never stored: who is here and writing, and the text so far of AI replies in progress. */
export class LiveChats {
  readonly #chats = new Map<string, LiveChat>();
  #version = 0;

  /** Everything passing of a chat. */
  state(chatId: string): LiveState {
    const chat = this.#chats.get(chatId);
    return {
      present: [...(chat?.present ?? [])],
      typing: [...(chat?.typing.keys() ?? [])],
      replies: Object.fromEntries(chat?.replies ?? []),
    };
  }

  /** A number that differs whenever `state` does. */
  version(chatId: string): number {
    return this.#chats.get(chatId)?.version ?? 0;
  }

  setPresent(chatId: string, participantId: string, present: boolean): void {
    this.#change(chatId, (chat) => {
      if (present) chat.present.add(participantId);
      else chat.present.delete(participantId);
    });
  }

  /** Returns whether that is news. `onFaded` is called when it ends by itself. */
  setTyping(chatId: string, participantId: string, typing: boolean, onFaded: () => void): boolean {
    const before = this.#chats.get(chatId)?.typing.get(participantId);
    clearTimeout(before);
    if (!typing && before === undefined) return false;
    this.#change(chatId, (chat) => {
      if (!typing) {
        chat.typing.delete(participantId);
        return;
      }
      const timer = setTimeout(() => {
        this.setTyping(chatId, participantId, false, onFaded);
        onFaded();
      }, typingFades);
      chat.typing.set(participantId, timer.unref());
    });
    return typing !== (before !== undefined);
  }

  setReply(chatId: string, responseId: string, text: string): void {
    this.#change(chatId, (chat) => chat.replies.set(responseId, text));
  }

  endReply(chatId: string, responseId: string): void {
    if (!this.#chats.get(chatId)?.replies.has(responseId)) return;
    this.#change(chatId, (chat) => chat.replies.delete(responseId));
  }

  close(): void {
    for (const { typing } of this.#chats.values()) for (const timer of typing.values()) clearTimeout(timer);
    this.#chats.clear();
  }

  #change(chatId: string, change: (chat: LiveChat) => void): void {
    const chat = this.#chats.get(chatId) ?? {
      present: new Set<string>(),
      typing: new Map<string, NodeJS.Timeout>(),
      replies: new Map<string, string>(),
      version: 0,
    };
    change(chat);
    chat.version = ++this.#version;
    const empty = chat.present.size + chat.typing.size + chat.replies.size === 0;
    if (empty) this.#chats.delete(chatId);
    else this.#chats.set(chatId, chat);
  }
}
