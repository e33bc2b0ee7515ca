/** How much a model is to think and say, the least first: it is the lever for time, depth and cost. */
export const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];

/** A stored effort, or null where there is none that is known. */
export function effortIn(value: unknown): Effort | null {
  return EFFORTS.find((effort) => effort === value) ?? null;
}
