import type { Tenancy } from './principal.ts';

/** The owner of a thread, for each kind. */
interface Owners {
  readonly ask: { readonly brandId: string };
  readonly conversation: { readonly brandId: string; readonly userId: string };
  readonly assistant: { readonly companyId: number };
  readonly agent: { readonly organizationId: string };
}

export type Kind = keyof Owners;

/**
 * Names a thread of any kind, or of some kinds: `{kind: 'agent', organizationId, id}`. It is JSON, and events carry it as
 * it is.
 */
export type ThreadRef<K extends Kind = Kind> = {
  [P in K]: { readonly kind: P; readonly id: string } & Owners[P];
}[K];

/** Whose budget and usage a thread is part of. */
export function tenantOf(thread: ThreadRef): Tenancy['tenant'] {
  switch (thread.kind) {
    case 'ask':
    case 'conversation':
      return { kind: 'BRAND', id: thread.brandId };
    case 'assistant':
      return { kind: 'COMPANY', id: String(thread.companyId) };
    case 'agent':
      return { kind: 'ORGANIZATION', id: thread.organizationId };
  }
}

/** Names a member's thread with the care team of a brand. */
export function askRef({ brandId }: Owners['ask'], id: string): ThreadRef<'ask'> {
  return { kind: 'ask', brandId, id };
}

/** Names a user's conversation. */
export function conversationRef(
  { brandId, userId }: Owners['conversation'],
  id: string,
): ThreadRef<'conversation'> {
  return { kind: 'conversation', brandId, userId, id };
}

/** Names a company's thread with one of its assistants. */
export function assistantRef({ companyId }: Owners['assistant'], id: string): ThreadRef<'assistant'> {
  return { kind: 'assistant', companyId, id };
}

/** Names an organization's thread with one of its agents. */
export function agentRef({ organizationId }: Owners['agent'], id: string): ThreadRef<'agent'> {
  return { kind: 'agent', organizationId, id };
}
