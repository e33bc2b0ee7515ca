import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/errors.ts';
import type { AssistantThread } from '../domain/threads.ts';
import { etagHeader } from '../http/etag.ts';
import { readAssistantThread } from '../store/assistant-threads.ts';
import { readReferences } from '../store/thread-references.ts';
import { turnUrl } from './message-shape.ts';
import { assistantThreadShape } from './shapes.ts';

/** A company's thread as it is stored. @throws ParleyError not_found */
export async function findThread(companyId: number, id: string, context: Context): Promise<AssistantThread> {
  const thread = await readAssistantThread(companyId, id, context);
  if (!thread) throw notFound('Thread');
  return thread;
}

/** The answer that shows it. */
export async function showThread(thread: AssistantThread, context: Context) {
  const { companyId, id } = thread;
  const [references] = await readReferences([thread], { companyId, consistent: true, context });
  if (!references) throw notFound('Thread');
  const body = assistantThreadShape(thread, references, turnUrl(companyId, id));
  return { status: 200, body, headers: etagHeader(thread) } as const;
}
