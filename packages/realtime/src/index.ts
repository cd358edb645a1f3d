export * from './realtime-server.ts';
export { createRealtimeServer } from './server.ts';
