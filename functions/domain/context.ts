/** What the outside gives a request: the clock, ids and the time that is left. Nothing reads a clock of its own. */
export interface Context {
  /** Milliseconds since 1970. */
  now(): number;
  /** A fresh UUIDv7 for this instant. */
  newId(): string;
  /** Milliseconds until the function is stopped. */
  remainingMs(): number;
}
