/** The table access that a function needs to start, show, cancel or make a turn: each of them may have to settle one. */
export const TURN_ACCESS = {
  table: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
  indexes: [],
} as const;

/** The table access that a function needs to make answers: it also reads what they are about. */
export const ANSWER_ACCESS = { ...TURN_ACCESS, table: [...TURN_ACCESS.table, 'BatchGetItem'] } as const;
