import type { Editable } from './editable.ts';
import type { FreeJson } from './json.ts';

/** An agent of an organization. `id` is a UUIDv7 and says when it was made. */
export interface Agent extends Editable {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly configuration: FreeJson;
  readonly templateId: string;
  readonly status: string;
  readonly description: string | null;
  readonly avatarUrl: string | null;
  readonly metadata: FreeJson;
}
