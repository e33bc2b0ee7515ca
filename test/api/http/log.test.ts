import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { conversationWith } from '../../support/conversations.ts';
import { person } from '../../support/people.ts';
import { fails } from '../../support/scripted-model.ts';

const api = await startApi();

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}
interface Line extends Readonly<Record<string, unknown>> {
  readonly _aws: { readonly Timestamp: number; readonly CloudWatchMetrics: readonly Directive[] };
}

function linesOf(headers: Headers): Line[] {
  const requestId = headers.get('x-request-id') ?? 'none';
  return api.logged.filter((line) => line.includes(requestId)).map((line) => JSON.parse(line) as Line);
}

/** What CloudWatch makes of a line: `requests{ask/create-thread,201} 1 Count`. */
function metricsIn(line: Line | undefined): string[] {
  return (line?._aws.CloudWatchMetrics ?? []).flatMap(({ Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name, Unit }) => {
        const value = line?.[Name];
        expect(value, Name).toBeTypeOf('number');
        const dimensions = names.map((name) => line?.[name]);
        for (const each of dimensions) expect(each).toBeTypeOf('string'); // or CloudWatch drops the metric
        return `${Name}{${dimensions.join()}} ${Unit}`;
      }),
    ),
  );
}

const lastOfWorker = () =>
  api.logged
    .map((line) => JSON.parse(line) as Line)
    .findLast(({ operation }) => operation === 'turns/make-answer');

describe('the line of a request', () => {
  test('is one, in JSON, ended, with ids, a duration and who called, and is a metric by operation and status', async () => {
    const { bearer: headers, userId } = await person(api);
    const answer = await api.send({ path: '/v1/conversations', headers, body: {} });
    const lines = linesOf(answer.headers);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'INFO',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u) as string,
      operation: 'conversations/create-conversation',
      status: '201',
      duration_ms: expect.any(Number) as number,
      caller: userId,
      requests: 1,
      _aws: { Timestamp: expect.any(Number) as number },
    });
    expect(Math.abs((lines[0]?._aws.Timestamp ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(metricsIn(lines[0])).toEqual(['requests{conversations/create-conversation,201} Count']);
    expect(lines[0]?._aws.CloudWatchMetrics[0]?.Namespace).toBe('Parley');
    expect(api.logged.every((line) => /^\{.*\}\n$/u.test(line))).toBe(true);
  });

  test('of a refused request says why, by the same metric', async () => {
    const { bearer: headers } = await person(api);
    const answer = await api.send({ path: '/v1/conversations', headers, body: { title: 1 } });
    const [line] = linesOf(answer.headers);
    expect(line).toMatchObject({ level: 'INFO', status: '422', code: 'validation_error' });
    expect(metricsIn(line)).toEqual(['requests{conversations/create-conversation,422} Count']);
  });

  test('of the worker has the turn, and the model’s time and tokens, over all operations', async () => {
    const { ask } = await conversationWith(api);
    const { body } = await ask('How many tokens?');
    const line = lastOfWorker();
    expect(line?.turn).toBe(body.turn.id);
    const { prompt_tokens, completion_tokens } = body.assistant_message.token_usage;
    expect(line).toMatchObject({ tokens_in: prompt_tokens, tokens_out: completion_tokens, tokens_cached: 0 });
    expect(metricsIn(line).toSorted()).toEqual([
      'model_ms{} Milliseconds',
      'requests{turns/make-answer,200} Count',
      'tokens_cached{} Count',
      'tokens_in{} Count',
      'tokens_out{} Count',
    ]);
  });

  test('of an answer that did not come counts it', async () => {
    const { ask } = await conversationWith(api);
    api.model.script.push(fails(400));
    await ask('Hello?');
    const line = lastOfWorker();
    expect(line).toMatchObject({ level: 'ERROR', status: '500', model_failures: 1 });
    expect(metricsIn(line)).toContain('model_failures{} Count');
    expect(metricsIn(line).join()).not.toContain('tokens');
  });
});
