/** What a web page of an allowed origin may send and read, deployed and locally alike. */
export const CORS = {
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  requestHeaders: [
    'authorization',
    'content-type',
    'x-api-key',
    'x-anon-user-id',
    'idempotency-key',
    'if-match',
    'last-event-id',
  ],
  exposedHeaders: ['x-request-id', 'x-next-cursor', 'idempotency-replayed', 'etag', 'retry-after'],
  /** How long a browser may keep the answer to its question. */
  maxAgeSeconds: 3_600,
} as const;
