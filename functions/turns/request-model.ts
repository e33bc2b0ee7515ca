import type { IncompleteReason } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { STORE_WITHIN_MS } from '../domain/limits.ts';
import type { Message } from '../domain/message.ts';
import { askModel } from '../model/ask-model.ts';
import type { AnswerBlock } from '../model/blocks.ts';
import { modelConfiguration } from '../model/configuration.ts';
import type { ModelCall } from '../model/events.ts';
import type { Meter } from '../model/meter.ts';
import type { Round } from '../model/tool-rounds.ts';
import type { AnswerBuilder } from './answer-builder.ts';
import type { BoundProfile } from './bound-profile.ts';

interface Asking {
  readonly context: Context;
  readonly meter: Meter;
  readonly signal: AbortSignal;
  readonly history: readonly Message[];
  readonly rounds: readonly Round[];
  readonly profile: BoundProfile & { readonly mayCall: boolean };
}

/** What one request has brought beside what is in the draft. */
interface ModelReply {
  readonly calls: readonly ModelCall[];
  readonly blocks: readonly AnswerBlock[];
  readonly incomplete: IncompleteReason | null;
}

/**
 * Makes one request of an answer. What the model thinks and says goes into the draft.
 *
 * @throws as askModel
 */
export async function requestModel(
  { ask, say, think, refuse, report }: AnswerBuilder,
  { history, rounds, profile, context, signal, meter }: Asking,
): Promise<ModelReply> {
  const timeoutMs = context.remainingMs() - STORE_WITHIN_MS;
  const { thinkingDisplay: display, refusalText } = modelConfiguration();
  const calls: ModelCall[] = [];
  const question = { ...profile, display, rounds, timeoutMs, signal, context, meter };
  for await (const event of askModel(history, question)) {
    switch (event.type) {
      case 'asked':
        ask();
        break;
      case 'thinking':
        think(event);
        break;
      case 'text':
        if (!say(event.text)) return { calls: [], blocks: [], incomplete: 'too_long' };
        break;
      case 'call':
        calls.push(event);
        break;
      case 'usage':
        report(event.usage);
        break;
      case 'end':
        if (event.incomplete === 'refusal') refuse(event.refusalCategory, refusalText);
        return { calls, blocks: event.blocks, incomplete: event.incomplete };
    }
  }
  return { calls: [], blocks: [], incomplete: 'internal_error' };
}
