/** What who starts, looks at, cancels or makes turns does with the table: each of them may have to settle one. */
export const TURN_ACCESS = {
  table: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
  indexes: [],
} as const;

/** Who makes answers reads what they are about, too. */
export const ANSWER_ACCESS = { ...TURN_ACCESS, table: [...TURN_ACCESS.table, 'BatchGetItem'] } as const;
