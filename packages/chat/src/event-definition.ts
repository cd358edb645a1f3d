import { z } from 'zod';
import * as field from './fields.ts';

/** One kind of event: its schema, the schema's version, what it means, and one example. */
export interface EventDefinition<S extends z.ZodType = z.ZodType> {
  version: number;
  summary: string;
  data: S;
  example: z.input<S>;
}

/** A new event's definition; its version is 1. */
export function event<S extends z.ZodType>(
  summary: string,
  data: S,
  example: z.input<S>,
): EventDefinition<S> {
  return { version: 1, summary, data, example };
}

/** What the examples are about: the same messages and the same reply in all of them. */
export const ids = {
  message: '01939a6e-7c1f-7b3a-9d52-1f0c6a2b7e44',
  earlier: '01939a6e-7a00-7c3a-8d52-2f0c6a2b7e45',
  response: '01939a6e-7c1f-7b3a-9d52-1f0c6a2b7e44.facilitator',
};

/** The data of events and commands that are about one participant and say no more. */
export const who = z.strictObject({ participantId: field.participantId });
/** An AI reply's id: of its first request and its participant, so that two deciders choose the same. */
export const responseId = z.string().max(300);
