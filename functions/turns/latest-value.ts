/** A value that changes, as an iterable of its changes. A slow reader gets the newest and misses some in between. */
export interface LatestValue<T> extends AsyncIterable<T> {
  readonly set: (value: T) => void;
  /** There will be no other. */
  readonly end: () => void;
}

/** Each iteration begins with the value as it is then, if there is any. */
export function latestValue<T>(): LatestValue<T> {
  let current: { readonly value: T } | null = null;
  let hasEnded = false;
  let changed = Promise.withResolvers<void>();
  const wake = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  return {
    set: (value) => {
      current = { value };
      wake();
    },
    end: () => {
      hasEnded = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      let seen: typeof current = null;
      for (;;) {
        if (current && current !== seen) {
          seen = current;
          yield current.value;
        } else if (hasEnded) return;
        else await changed.promise;
      }
    },
  };
}
