import { schema } from './schema.ts';
import * as field from './schemas.ts';

/** What becomes of a question while another is being answered. */
export const onBusyQuery = schema({ type: 'object', properties: { on_busy: field.onBusy } });

/** How long a turn is waited for. */
export const waitQuery = schema({ type: 'object', properties: { wait: field.wait } });
