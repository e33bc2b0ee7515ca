import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/errors.ts';
import { etagHeader } from '../http/etag.ts';
import { readAssistantThread } from '../store/assistant-threads.ts';
import { readReferences } from '../store/thread-references.ts';
import { assistantThreadShape } from './shapes.ts';

/** The answer that shows a company's thread as it is stored. @throws ParleyError not_found */
export async function showThread(companyId: number, id: string, context: Context) {
  const thread = await readAssistantThread(companyId, id, context);
  const [references] = thread ? await readReferences([thread], { companyId, consistent: true, context }) : [];
  if (!thread || !references) throw notFound('Thread');
  const body = assistantThreadShape(thread, references);
  return { status: 200, body, headers: etagHeader(thread) } as const;
}
