import { type ChatEvent, fold, type Message } from '@parley/chat';
import { openChat, type Scenario } from '@parley/chat/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  advance,
  isLive,
  nextRequest,
  type Sync,
  type SyncInput,
  type SyncRequest,
  unsynced,
} from './sync.ts';

/**
 * A client against a server and a network at their worst: frames are doubled, late, out of order and lost; answers
 * are as old as they can be; the connection breaks; requests fail.
 */

const talk = Array.from({ length: 40 }).reduce<Scenario>(
  (chat, _, index) => {
    const said = chat.says(index % 2 ? 'ada' : 'ben', `Message ${index}`);
    const last = said.chat.messages.at(-1);
    if (last === undefined || index % 5 !== 0) return said;
    return said.by('ada', { type: 'reaction.add', messageId: last.id, emoji: '👍' });
  },
  openChat({ people: ['ada', 'ben'] }),
);
const { events } = talk;
const chatId = talk.chat.id;
const live = { present: [], typing: [], replies: {} };
const limits = { farBehind: 12 };
const atOnce = 5;

const steps = [
  'stored',
  'stored',
  'stored',
  'frame arrives',
  'frame arrives',
  'frame arrives twice',
  'frame is lost',
  'frame is announced only',
  'connection breaks',
  'connection is back',
  'question is read',
  'question is read',
  'answer arrives',
  'answer arrives',
  'request fails',
] as const;
type Step = { what: (typeof steps)[number]; which: number };

/** Everything between one client and one server. */
class World {
  sync: Sync = unsynced;
  /** How many of the events are stored. */
  stored = 3;
  connected = false;
  frames: ChatEvent[] = [];
  /** A frame got lost without a sign: only the next one shows it. */
  lost = false;
  question: SyncRequest | undefined;
  answer: SyncInput | undefined;

  take(input: SyncInput): void {
    const before = this.sync.timeline?.chat.sequence ?? 0;
    this.sync = advance(this.sync, input);
    expect(this.sync.timeline?.chat.sequence ?? 0).toBeGreaterThanOrEqual(before);
    if (this.question === undefined && this.answer === undefined) {
      this.question = nextRequest(this.sync, limits);
    }
  }

  store(): void {
    const event = events[this.stored];
    if (event === undefined) return;
    this.stored++;
    if (this.connected) this.frames.push(event);
  }

  /** The server looks at what it has; the answer may be on its way for long. */
  read(): void {
    const request = this.question;
    if (request === undefined) return;
    this.question = undefined;
    if (request.fetch === 'events') {
      const page = events.slice(request.after, Math.min(this.stored, request.after + atOnce));
      this.answer = { type: 'events', request, events: page, head: this.stored };
    } else {
      const chat = fold(chatId, events.slice(0, this.stored));
      this.answer = { type: 'state', request, state: { chat, live } };
    }
  }

  arrive(): void {
    const { answer } = this;
    this.answer = undefined;
    if (answer !== undefined) this.take(answer);
  }

  fail(): void {
    const request = this.question;
    this.question = undefined;
    const error = { code: 'network', message: 'No answer.' };
    if (request !== undefined) this.take({ type: 'failed', request, error, retryable: true });
  }

  step({ what, which }: Step): void {
    const index = this.frames.length === 0 ? -1 : which % this.frames.length;
    const frame = this.frames[index];
    if (what === 'stored') this.store();
    else if (what === 'connection breaks' && this.connected) {
      this.connected = false;
      this.frames = [];
      this.take({ type: 'unsubscribed', link: 'connecting' });
    } else if (what === 'connection is back' && !this.connected) {
      this.connected = true;
      this.lost = false;
      this.take({ type: 'subscribed', present: [] });
    } else if (what === 'question is read') this.read();
    else if (what === 'answer arrives') this.arrive();
    else if (what === 'request fails') this.fail();
    else if (frame !== undefined && what.startsWith('frame')) {
      if (what !== 'frame arrives twice') this.frames.splice(index, 1);
      if (what === 'frame is lost') this.lost = true;
      if (what === 'frame is announced only') this.take({ type: 'announced', sequence: frame.sequence });
      else if (what !== 'frame is lost') this.take({ type: 'event', event: frame });
    }
  }

  /** The network behaves, and everything under way arrives. */
  settle(): void {
    this.step({ what: 'connection is back', which: 0 });
    if (this.lost) this.store();
    for (let turn = 0; turn < 200; turn++) {
      for (const event of this.frames.splice(0)) this.take({ type: 'event', event });
      this.read();
      this.arrive();
      if (this.question === undefined && this.frames.length === 0) return;
    }
    throw new Error('It goes on asking.');
  }
}

const journey = fc.array(fc.record({ what: fc.constantFrom(...steps), which: fc.nat(20) }), {
  minLength: 10,
  maxLength: 150,
});

test('whatever happens on the way, a client ends with the server’s chat, everything once and in order', () => {
  fc.assert(
    fc.property(journey, (path: Step[]) => {
      const world = new World();
      world.take({ type: 'unsubscribed', link: 'offline' });
      for (const step of path) world.step(step);
      world.settle();
      const chat = fold(chatId, events.slice(0, world.stored));
      const { timeline } = world.sync;
      expect(timeline?.chat).toEqual(chat);
      expect(isLive(world.sync)).toBe(true);
      expect(timeline?.early.size).toBe(0);
      const sequences = (timeline?.messages ?? []).map(({ sequence }: Message) => sequence);
      expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
      expect(timeline?.messages.slice(-chat.messages.length)).toEqual(chat.messages);
    }),
    { numRuns: 150 },
  );
});
