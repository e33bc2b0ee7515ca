/**
 * The table, once: the stack makes it from this, the local database too, and the code reads and writes by these names.
 * Nothing here imports anything, so that the stack can read it without the SDK.
 */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since 1970, as DynamoDB's TTL wants them. It deletes late: filter on read. */
  timeToLive: 'expires_at',
  /**
   * Only heads of threads, agents and API keys are in the indexes, whole: a head is under 1 KB, unless its names are
   * long ones in a script of three bytes a letter, agents are few, and an index with a list of attributes can neither have more than 20 of
   * them nor be given another one later.
   */
  indexes: {
    /** Threads of one owner by last activity, keys and agents of an organization. */
    gsi1: { partitionKey: 'gsi1pk', sortKey: 'gsi1sk' },
    /**
     * A second list of some threads: those of all agents of an organization and those with one type of a company's
     * assistants by last activity, ask threads by since when their member waits for staff.
     */
    gsi2: { partitionKey: 'gsi2pk', sortKey: 'gsi2sk' },
  },
} as const;

export type IndexName = keyof typeof TABLE.indexes;

/** The environment variable that tells a function its table's name. */
export const TABLE_NAME_VARIABLE = 'TABLE_NAME';
