import { createReply } from './create-reply.ts';
import { createThread } from './create-thread.ts';
import { getThread } from './get-thread.ts';
import { listOverdueThreads } from './list-overdue-threads.ts';
import { listThreads } from './list-threads.ts';

export const askEndpoints = [createThread, listThreads, getThread, createReply, listOverdueThreads];
