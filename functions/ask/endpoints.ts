import { createThread } from './create-thread.ts';
import { getThread } from './get-thread.ts';

export const askEndpoints = [createThread, getThread];
