import { toParleyError } from '../domain/errors.ts';

/** Refusals of a credential, after which nobody may hear more. */
const REFUSALS: readonly string[] = ['unauthorized', 'forbidden'];

/**
 * The same events, for as long as the credential holds: it is looked at again every so often, also while nothing comes.
 * An issuer or a table that cannot be asked is no refusal: the next look may do better.
 *
 * @param check refuses as it did when the stream began
 * @throws what `check` has thrown, when it refuses
 */
export async function* whileAllowed<Event>(
  events: AsyncIterable<Event>,
  { everyMs, check }: { everyMs: number; check: () => Promise<unknown> },
): AsyncGenerator<Event> {
  const iterator = events[Symbol.asyncIterator]();
  const refused = Promise.withResolvers<never>();
  refused.promise.catch(() => {}); // the stream may have ended when it comes
  const looking = setInterval(() => {
    check().catch((error: unknown) => {
      if (REFUSALS.includes(toParleyError(error).code)) refused.reject(error);
    });
  }, everyMs);
  try {
    for (;;) {
      const { done, value } = await Promise.race([iterator.next(), refused.promise]);
      if (done) return;
      yield value;
    }
  } finally {
    clearInterval(looking);
    void iterator.return?.(); // it may wait for something, which does not keep who is refused
  }
}
