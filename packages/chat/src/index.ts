export * from './chat.ts';
export type { ChatCommand, CommandType } from './commands.ts';
export { type DecisionContext, referencedMessages } from './decide/context.ts';
export { decide } from './decide.ts';
export * from './envelope.ts';
export type { EventData, EventType } from './events.ts';
export { evolve, fold, foldVersion } from './evolve.ts';
export type {
  AISettings,
  ParticipantKind,
  ReplyPolicy,
  ResponseOutcome,
  Role,
  SettingsChange,
  TurnMode,
} from './fields.ts';
export { evolveMessages, messageChanges } from './messages.ts';
export type { PassingEventData, PassingEventType } from './passing-events.ts';
export {
  type Abilities,
  type Ability,
  abilities,
  type ComposerState,
  requireAbility,
  roleMay,
} from './permissions.ts';
export { listRefusals, Refusal, type RefusalCode } from './refusals.ts';
export { defaultSettings, type Settings } from './settings.ts';
export { type TurnPolicy, turnPolicies } from './turns.ts';
