/**
 * The table, once: the stack makes it from this, the local database too, and the code reads and writes by these names.
 * Nothing here imports anything, so that the stack can read it without the SDK.
 */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since 1970, as DynamoDB's TTL wants them. It deletes late: filter on read. */
  timeToLive: 'expires_at',
  indexes: {
    /** Threads of one owner by last activity, keys of an organization. */
    gsi1: {
      partitionKey: 'gsi1pk',
      sortKey: 'gsi1sk',
      /** What lists show beside the keys. Every append writes it, so it stays short. */
      attributes: [
        'id',
        'messageCount',
        'brandId',
        'userId',
        'model',
        'title',
        'preview',
        'triageStatus',
        'assignedToUserId',
        'coachName',
        'coachAvatarUrl',
      ],
    },
    /** A second list of some threads, with an order of its own: ask threads whose member waits for staff. */
    gsi2: {
      partitionKey: 'gsi2pk',
      sortKey: 'gsi2sk',
      /** The other index's sort key is the thread's last message. */
      attributes: ['id', 'gsi1sk', 'memberUserId', 'memberName', 'assignedToUserId', 'coachName'],
    },
  },
} as const;

export type IndexName = keyof typeof TABLE.indexes;

/** The environment variable that tells a function its table's name. */
export const TABLE_NAME_VARIABLE = 'TABLE_NAME';
