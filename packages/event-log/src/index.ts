export * from './event-log.ts';
export { memoryEventLog } from './memory.ts';
export { SqliteReader } from './sqlite/reader.ts';
export { openSqliteEventLog, type SqliteOptions } from './sqlite/sqlite-event-log.ts';
