import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TABLE } from '../../functions/store/table.ts';
import { stackWith } from '../support/stack.ts';

const ARN = 'arn:aws:sns:eu-central-1:123456789012:mine';

/** Each is paid by the month. */
const alarmMetrics = () =>
  stackWith()
    .properties('AWS::CloudWatch::Alarm')
    .flatMap(({ Metrics }) => Metrics?.filter((each: { MetricStat?: object }) => each.MetricStat) ?? [{}]);

describe('alarms', () => {
  test('are over as many metrics as README says what they cost', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const count = alarmMetrics().length;
    expect(readme).toContain(`six alarms over ${count} metrics ${(count * 0.1).toFixed(2)}`);
    expect(stackWith().properties('AWS::CloudWatch::Alarm')).toHaveLength(6);
  });

  test('are ten at most, each over a sum, and say what people feel', () => {
    const alarms = stackWith().properties('AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(0);
    expect(alarms.length).toBeLessThanOrEqual(10);
    for (const { AlarmDescription, Statistic, Metrics, TreatMissingData } of alarms) {
      expect(AlarmDescription).toMatch(/^(?:People|Threads) .*\.$/u);
      const statistics = (Metrics ?? [])
        .map(({ MetricStat }: { MetricStat?: { Stat: string } }) => MetricStat?.Stat)
        .filter((each: string | undefined) => each !== undefined);
      expect([Statistic, ...statistics].filter((each) => each !== undefined && each !== 'Sum')).toEqual([]);
      expect(TreatMissingData).toBe('notBreaching');
    }
  });

  test('watch the metrics that functions write, in the namespace they write to', () => {
    const { properties } = stackWith();
    const namespaces = properties('AWS::Lambda::Function').map(
      ({ Environment }) => Environment.Variables.METRICS_NAMESPACE as string | undefined,
    );
    const own = properties('AWS::CloudWatch::Alarm').filter(({ Namespace }) => Namespace === 'Parley');
    expect(own.map(({ MetricName }) => MetricName as string)).toEqual(['model_failures']);
    // The user pool's trigger writes none.
    expect(new Set(namespaces)).toEqual(new Set(['Parley', undefined]));
  });

  test('go nowhere by default, to the topic that is configured, or to a new one that writes e-mails', () => {
    const actions = (stack: ReturnType<typeof stackWith>) =>
      new Set(
        stack.properties('AWS::CloudWatch::Alarm').map(({ AlarmActions }) => JSON.stringify(AlarmActions)),
      );
    expect(actions(stackWith())).toEqual(new Set([undefined]));
    expect(actions(stackWith({ alarmTopicArn: ARN }))).toEqual(new Set([JSON.stringify([ARN])]));
    const mailing = stackWith({ alarmEmail: 'a@example.com' });
    const [topic] = Object.keys(mailing.all('AWS::SNS::Topic'));
    expect(actions(mailing)).toEqual(new Set([JSON.stringify([{ Ref: topic }])]));
    expect(mailing.only('AWS::SNS::Subscription')).toMatchObject({
      Protocol: 'email',
      Endpoint: 'a@example.com',
    });
  });

  test('can reach the new topic: its policy lets CloudWatch publish, for this account', () => {
    const { only } = stackWith({ alarmEmail: 'a@example.com' });
    expect(only('AWS::SNS::TopicPolicy').PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    );
  });
});

test('what fails on the way of a stream counts like what fails on the way of an answer', () => {
  const { all, properties } = stackWith();
  const named = (part: string) => Object.keys(all('AWS::Lambda::Function')).find((id) => id.includes(part));
  const watchedBy = (words: string) =>
    properties('AWS::CloudWatch::Alarm')
      .find(({ AlarmDescription }) => AlarmDescription.includes(words))
      .Metrics.flatMap((each: { MetricStat?: { Metric: { MetricName: string; Dimensions: unknown[] } } }) =>
        each.MetricStat
          ? [[each.MetricStat.Metric.MetricName, JSON.stringify(each.MetricStat.Metric.Dimensions)]]
          : [],
      ) as [string, string][];
  const isOf = (metric: string, part: string) => (each: readonly [string, string]) =>
    each[0] === metric && each[1].includes(`"${named(part)}"`);
  const errors = watchedBy('5xx');
  expect(errors.map(([metric]) => metric)).toEqual(['5xx', 'Url5xxCount', 'Url5xxCount']);
  for (const part of ['turnstream', 'follow'])
    expect(errors.some(isOf('Url5xxCount', part)), part).toBe(true);
  const lost = watchedBy('never comes');
  expect(lost).toHaveLength(2);
  for (const part of ['makeanswer', 'turnstream']) expect(lost.some(isOf('Errors', part)), part).toBe(true);
});

test('throttling of every index is seen, too: the table’s own metrics leave indexes out', () => {
  const { properties, only } = stackWith();
  const { Metrics } = properties('AWS::CloudWatch::Alarm').find(({ AlarmDescription }) =>
    AlarmDescription.includes('table'),
  );
  const seen = Metrics.flatMap(
    (each: { MetricStat?: { Metric: { MetricName: string; Dimensions: { Value: unknown }[] } } }) =>
      each.MetricStat
        ? [
            `${each.MetricStat.Metric.MetricName} ${each.MetricStat.Metric.Dimensions.map(({ Value }) =>
              typeof Value === 'string' ? Value : 'table',
            )
              .toSorted()
              .join()}`,
          ]
        : [],
  );
  const places = ['table', ...Object.keys(TABLE.indexes).map((index) => [index, 'table'].toSorted().join())];
  const expected = places.flatMap((place) => [`ReadThrottleEvents ${place}`, `WriteThrottleEvents ${place}`]);
  expect(seen.toSorted()).toEqual(expected.toSorted());
  const body = JSON.stringify(only('AWS::CloudWatch::Dashboard').DashboardBody);
  for (const index of Object.keys(TABLE.indexes)) expect(body).toContain(index);
});

test('one dashboard shows what is asked, how long it takes, what fails and what the model costs', () => {
  const { only } = stackWith();
  const body = JSON.stringify(only('AWS::CloudWatch::Dashboard').DashboardBody);
  for (const metric of [
    'requests',
    'Latency',
    '5xx',
    'model_ms',
    'model_failures',
    'tokens_in',
    'tokens_cached',
    'tokens_out',
  ])
    expect(body, metric).toContain(metric);
  expect(body).toContain('operation,status');
});
