import { expect, test } from 'vitest';
import { describeEventBus, type TestEvent, TestStorage } from './event-bus.contract.ts';
import { type FailureReport, inProcessEventBus } from './in-process.ts';

describeEventBus('in-process', (storage) => inProcessEventBus({ storage, checkpointEvery: 5 }));

test('every failure is reported, with the event that it happened on', async () => {
  const storage = new TestStorage();
  const reports: FailureReport[] = [];
  const bus = inProcessEventBus<{ type: 'say' }, TestEvent>({
    storage,
    onError: (report) => reports.push(report),
  });
  const fail = () => {
    throw new Error('broken');
  };
  bus.before('say', fail, { name: 'before' });
  bus.on('*', fail, { name: 'on', delivery: 'everywhere' });
  await bus.ask({ type: 'say' });
  bus.publish(storage.add(1));
  expect(reports).toMatchObject([
    { handler: 'before', error: { message: 'broken' } },
    { handler: 'on', event: { type: 'said', key: 'a', position: 1 } },
  ]);
  await bus.close();
});
