/** Measures how long something lasts that begins and ends several times. */
export interface Stopwatch {
  start(): void;
  stop(): void;
  /** All of it so far, in milliseconds. */
  ms(): number;
}

export function stopwatch(now: () => number): Stopwatch {
  let before = 0;
  let sinceMs: number | null = null;
  const running = () => (sinceMs === null ? 0 : now() - sinceMs);
  return {
    start: () => void (sinceMs ??= now()),
    stop: () => {
      before += running();
      sinceMs = null;
    },
    ms: () => before + running(),
  };
}
