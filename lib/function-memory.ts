/** With it comes CPU: less would make cold starts slower than it makes anything cheaper. */
export const MEMORY_MB = 1_024;
/** Whoever follows waits, mostly, and an open connection is paid by the millisecond. */
export const FOLLOWER_MEMORY_MB = 256;
