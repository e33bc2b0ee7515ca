/** What who writes titles does with the table. */
export const TITLE_ACCESS = { table: ['GetItem', 'Query', 'UpdateItem'], indexes: [] } as const;
