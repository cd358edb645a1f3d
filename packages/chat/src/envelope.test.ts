import { describe, expect, it } from 'vitest';
import type { ChatEvent, NewChatEvent } from './envelope.ts';
import { fromCloudEvent, toCloudEvent } from './envelope.ts';
import type { EventType } from './events.ts';
import { storedEvents } from './registry.ts';
import { scenarioStart, stamp, uuidFor } from './testing.ts';

const types = Object.keys(storedEvents) as EventType[];

function stored(type: EventType): ChatEvent {
  const fact = { type, data: storedEvents[type].example } as NewChatEvent;
  const options = {
    chatId: uuidFor(1),
    after: 41,
    at: scenarioStart,
    actor: { id: 'ada', kind: 'person' },
  } as const;
  const [event] = stamp([fact], options);
  if (event === undefined) throw new Error('nothing was stamped');
  return event;
}

describe('a CloudEvent', () => {
  it.each(types)('carries %s there and back, over the wire', (type) => {
    const event = stored(type);
    const wire = JSON.parse(JSON.stringify(toCloudEvent(event)));
    expect(fromCloudEvent(wire)).toEqual(event);
  });

  it('carries the subject and the cause when there are any, and no empty fields when not', () => {
    const plain = stored('message.sent');
    expect(toCloudEvent(plain)).not.toHaveProperty('subject');
    expect(toCloudEvent(plain)).not.toHaveProperty('causationid');
    const caused = { ...plain, subject: uuidFor(2), causationId: uuidFor(3) } as ChatEvent;
    expect(fromCloudEvent(toCloudEvent(caused))).toEqual(caused);
  });

  it('has the attributes that the specification asks for', () => {
    expect(toCloudEvent(stored('message.sent'))).toEqual({
      specversion: '1.0',
      id: uuidFor(900_042),
      source: `/chats/${uuidFor(1)}`,
      type: 'message.sent',
      time: scenarioStart,
      datacontenttype: 'application/json',
      dataschema: '/schemas/message.sent/1',
      partitionkey: uuidFor(1),
      sequence: '00000000000000000042',
      position: '00000000000000000042',
      correlationid: uuidFor(800_042),
      authtype: 'person',
      authid: 'ada',
      data: storedEvents['message.sent'].example,
    });
  });

  it('has only attribute names that the specification allows', () => {
    const caused = { ...stored('message.sent'), subject: 's', causationId: 'c' } as ChatEvent;
    for (const name of Object.keys(toCloudEvent(caused))) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
  });
});
