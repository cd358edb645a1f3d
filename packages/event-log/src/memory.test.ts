import { describeEventLog } from './event-log.contract.ts';
import { memoryEventLog } from './memory.ts';

describeEventLog('memory', async () => {
  const log = memoryEventLog();
  return { log, dispose: () => log.close() };
});
