import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idAfter, isUuid, newId, timeOf, timestampOf } from '../../../functions/domain/ids.ts';

const instant = fc.integer({ min: 0, max: 2 ** 47 });

describe('ids', () => {
  test('are UUIDs of version 7 and variant 10 that hold their instant', () => {
    fc.assert(
      fc.property(instant, (ms) => {
        const id = newId(ms);
        expect(isUuid(id)).toBe(true);
        expect(id).toMatch(/^.{14}7.{4}[89ab]/u);
        expect(timeOf(id)).toBe(ms);
      }),
    );
  });

  test('sort as text by their instant', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 1e9 }), (ms, later) => newId(ms) < newId(ms + later)),
    );
  });

  test('after another are greater, nearly of the same instant, and UUIDs still', () => {
    fc.assert(
      fc.property(instant, (ms) => {
        let id = newId(ms);
        for (let count = 0; count < 20; count += 1) {
          const next = idAfter(id);
          expect(next > id).toBe(true);
          expect(next).toMatch(/^.{14}7.{4}[89ab]/u);
          id = next;
        }
        expect(timeOf(id) - ms).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('carry over when the random part is exhausted', () => {
    const last = '0192f0c0-1234-7fff-bfff-ffffffffffff';
    expect(timeOf(idAfter(last))).toBe(timeOf(last) + 1);
  });

  test('say when they were made, in UTC with milliseconds', () => {
    expect(timestampOf(newId(Date.UTC(2026, 10, 21, 10, 0, 0, 7)))).toBe('2026-11-21T10:00:00.007Z');
  });
});
