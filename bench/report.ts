/** The most that a figure should be, in milliseconds. */
interface Target {
  readonly median?: number;
  readonly max?: number;
}

/** Prints what was measured, in milliseconds, and whether that is what it should be. */
export function report(what: string, measuredMs: readonly number[], target: Target): void {
  const sorted = measuredMs.toSorted((a, b) => a - b);
  /** The value that this share of all does not exceed. */
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  const figures = { min: at(0), median: at(0.5), p95: at(0.95), max: at(1) };
  const missed = Object.entries(target).filter(
    ([name, mostMs]) => !(figures[name as keyof Target] <= mostMs), // a Target has these names alone
  );
  const shown = Object.entries(figures).map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
  const wanted = Object.entries(target).map(([name, mostMs]) => `${name} at most ${mostMs}`);
  process.stdout.write(
    `${what}, ${sorted.length} times, in ms\n  ${shown.join('   ')}   (${wanted.join(', ')}: ${missed.length > 0 ? 'missed' : 'met'})\n`,
  );
}
