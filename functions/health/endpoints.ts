import { getHealth } from './get-health.ts';

export const healthEndpoints = [getHealth];
