/** How much a model is to think and say, the least first: it is the lever for time, depth and cost. */
export const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];

/** A stored effort, or null where there is none that is known. */
export function effortIn(value: unknown): Effort | null {
  return EFFORTS.find((effort) => effort === value) ?? null;
}

/** Whether what a model thinks comes in words (the model sums it up), or not at all. */
export const THINKING_DISPLAYS = ['summarized', 'omitted'] as const;
export type ThinkingDisplay = (typeof THINKING_DISPLAYS)[number];
