import type { FreeJson } from '../domain/json.ts';
import * as field from '../http/schemas.ts';
import { checkConfiguration, checkToolSchemas, configuration } from './configuration.ts';

/** What an organization says of its agent, the same when it is made and when it is edited. */
export const AGENT_FIELDS = {
  name: field.name,
  configuration,
  template_id: field.uuid,
  description: field.nullableDescription,
  avatar_url: field.nullableUrl,
  metadata: field.freeJson,
} as const;

interface Input {
  readonly body: { readonly configuration?: FreeJson };
}

/** What the schemas of these fields cannot say, for making and editing alike; `costly` is what takes time. */
export const agentChecks = {
  check: ({ body }: Input): void => {
    if (body.configuration) checkConfiguration(body.configuration);
  },
  costlyCheck: ({ body }: Input): void => {
    if (body.configuration) checkToolSchemas(body.configuration);
  },
};
