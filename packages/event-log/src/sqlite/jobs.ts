import type { DeadLetter, ExpectedSequence } from '../event-log.ts';
import type { EventRow } from '../validation.ts';

/** What the writer is asked to do. Everything that stands in one batch is committed together. */
export type Job =
  | { kind: 'append'; stream: string; expected: ExpectedSequence; key: string | undefined; rows: EventRow[] }
  | { kind: 'checkpoint'; consumer: string; position: number }
  | {
      kind: 'snapshot';
      stream: string;
      foldVersion: number;
      sequence: number;
      position: number;
      state: string;
      keepEvery: number;
    }
  | { kind: 'note'; key: string; value: string | null }
  | { kind: 'deadLetter'; letter: DeadLetter }
  | { kind: 'deleteDeadLetter'; handler: string; position: number };

export type JobResult =
  | { status: 'appended'; sequence: number; position: number; recordedAt: string }
  | { status: 'duplicate'; sequence: number; position: number }
  | { status: 'conflict'; sequence: number }
  | { status: 'done' }
  | { status: 'failed'; error: unknown };

/** The answer to one batch: a result for each job, in order. */
export interface BatchAnswer {
  results: JobResult[];
}
