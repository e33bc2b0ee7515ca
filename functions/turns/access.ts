/** What who starts, looks at, cancels or makes turns does with the table: each of them may have to settle one. */
export const TURN_ACCESS = {
  table: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
  indexes: [],
} as const;
