/** What an operator says of every request to the model. */
export const OPERATOR = {
  system: ['Be kind.'],
  tools: [],
  mayCall: true,
  rounds: [],
  effort: 'medium',
  display: 'summarized',
} as const;
