/** The table access that a function needs to write titles. */
export const TITLE_ACCESS = { table: ['GetItem', 'Query', 'UpdateItem'], indexes: [] } as const;
