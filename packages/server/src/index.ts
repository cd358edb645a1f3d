export { Accounts } from './accounts/accounts.ts';
export { loadKeys } from './accounts/keys.ts';
export { modelRegistry } from './ai/models.ts';
export { createServer, type Server, type ServerParts } from './server.ts';
export { Views } from './views/views.ts';
