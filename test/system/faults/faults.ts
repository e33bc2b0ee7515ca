import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseError, Intercept } from '../../support/database-proxy.ts';
import { opened, piece, start, streams } from '../../support/model-events.ts';
import { fails, type Reaction, says } from '../../support/scripted-model.ts';

/** What happened so far, by its name. */
export type Tally = Record<string, number>;

/** Answers of a database that passes (API reference of DynamoDB, "Common errors"). */
const ERRORS: readonly DatabaseError[] = [
  { status: 500, type: 'InternalServerError' },
  { status: 503, type: 'ServiceUnavailable' },
  { status: 400, type: 'ThrottlingException' },
  { status: 400, type: 'ProvisionedThroughputExceededException' },
];

const one = <T>(of: readonly T[]): T => of[Math.floor(Math.random() * of.length)] as T; // there is always one
const chance = (probability: number) => Math.random() < probability;

/** Fails calls of the database by chance: before they are done, or after, when nobody is told. */
export function failingDatabase(tally: Tally): Intercept {
  return ({ operation, loseAnswer }) => {
    if (chance(0.03)) {
      const error = one(ERRORS);
      count(tally, `${operation} ${error.type}`);
      return error;
    }
    if (chance(0.02)) {
      count(tally, `${operation} answer lost`);
      loseAnswer();
    }
    return undefined;
  };
}

/** Has a call of the database wait by chance. */
export async function slowDatabase(): Promise<void> {
  if (chance(0.1)) await wait(Math.random() * 30);
}

/** A model that answers, refuses for now, or breaks off by chance. */
export function failingModel(tally: Tally, answer: string): Reaction[] {
  const reactions: Record<string, Reaction> = {
    'model overloaded': fails(529, 'overloaded_error'),
    'model 500': fails(500),
    'model broken off': streams(start(), opened, piece(answer.slice(0, 5)), 'end'),
  };
  if (!chance(0.2)) return [says(answer)];
  const name = one(Object.keys(reactions));
  count(tally, name);
  return [reactions[name] ?? says(answer), says(answer)];
}

/** Counts what has happened. */
export function count(tally: Tally, name: string): void {
  tally[name] = (tally[name] ?? 0) + 1;
}
