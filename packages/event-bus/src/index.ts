export * from './event-bus.ts';
export { type FailureReport, type InProcessOptions, inProcessEventBus } from './in-process.ts';
