import type { Editable } from './editable.ts';
import type { GoogleAdsCustomer, GoogleBusinessLocation } from './google-records.ts';
import type { FreeJson } from './json.ts';
import type { Effort } from './thinking.ts';

/** What every thread has. `lastMessageId` is the thread's own id until something is said in it. */
interface Thread {
  /** UUIDv7: also says when the thread was made. */
  readonly id: string;
  readonly lastMessageId: string;
  readonly messageCount: number;
  /** Of its running turn, where there is one. */
  readonly activeTurnId?: string;
}

/** A member of a brand asks its care team. */
export interface AskThread extends Thread {
  readonly brandId: string;
  readonly memberUserId: string;
  readonly memberName: string;
  readonly memberAvatarUrl: string | null;
  readonly preview: string;
  readonly triageStatus: string;
  readonly assignedToUserId: string | null;
  readonly coachName: string | null;
  readonly coachAvatarUrl: string | null;
}

/** A thread that names itself where nobody has named it. Each part is written once, but for the user's own. */
export interface Titled {
  /** The user's. */
  readonly title: string | null;
  /** The first words of the first question, once there is one. */
  readonly firstWords?: string;
  /** What the model has called it, after its first answer. */
  readonly modelTitle?: string;
}

/** The title that people see: the user's own before any other. */
export function shownTitle({ title, modelTitle, firstWords }: Titled): string | null {
  return title ?? modelTitle ?? firstWords ?? null;
}

/** A title as it was given; one of white space is none. */
export function titleOrNone(given: string | null | undefined): string | null {
  return given?.trim() ? given : null;
}

/** Whether nobody, the model included, has named a thread yet. */
export function isUntitled({ title, modelTitle }: Titled): boolean {
  return (title ?? modelTitle ?? null) === null;
}

/** A user talks to an assistant; it belongs to that user within the brand. */
export interface Conversation extends Thread, Titled, Editable {
  readonly brandId: string;
  readonly userId: string;
  readonly model: string;
  /** How much its model is to think; null or nothing where that is the deployment's to say. */
  readonly effort?: Effort | null;
}

export const ASSISTANT_TYPES = ['onboarding', 'general', 'market_analysis', 'campaign_creation'] as const;
export type AssistantType = (typeof ASSISTANT_TYPES)[number];

/** A company's thread with one of its marketing assistants. */
export interface AssistantThread extends Thread, Editable {
  readonly companyId: number;
  readonly assistantType: AssistantType;
  readonly assistantId: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly isCompleted: boolean;
  readonly customerId: number | null;
  readonly loginCustomerId: number | null;
  readonly locationId: string | null;
  /** Goes to the assistant's functions as server-side context, never through the model. */
  readonly extraData: FreeJson;
}

/** The assistant of one type that a company has, made on first use. */
export interface Assistant {
  readonly id: string;
  readonly assistantType: AssistantType;
}

/** An assistant thread without what its lists do not show. */
export type AssistantThreadSummary = Omit<AssistantThread, 'extraData'>;

/** What an assistant thread is scoped to, as it was read. */
export interface ThreadReferences {
  readonly customer: GoogleAdsCustomer | null;
  readonly location: GoogleBusinessLocation | null;
}

/** A thread with an organization's agent. */
export interface AgentThread extends Thread, Titled {
  readonly organizationId: string;
  readonly agentId: string;
  readonly userId: string;
  readonly anonUserId: string | null;
  readonly metadata: FreeJson;
}

/** An agent thread without what its lists do not show. */
export type AgentThreadSummary = Omit<AgentThread, 'metadata'>;
