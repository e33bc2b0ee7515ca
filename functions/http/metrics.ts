import type { Measures } from '../domain/context.ts';

/** The metrics of a deployment, by the names under which a log line has them. */
const MEASURES: Record<keyof Measures, { Name: string; Unit: 'Bytes' | 'Count' | 'Milliseconds' }> = {
  modelMs: { Name: 'model_ms', Unit: 'Milliseconds' },
  modelFailures: { Name: 'model_failures', Unit: 'Count' },
  titleFailures: { Name: 'title_failures', Unit: 'Count' },
  settlingFailures: { Name: 'settling_failures', Unit: 'Count' },
  tokensIn: { Name: 'tokens_in', Unit: 'Count' },
  tokensOut: { Name: 'tokens_out', Unit: 'Count' },
  tokensCached: { Name: 'tokens_cached', Unit: 'Count' },
  droppedBytes: { Name: 'dropped_bytes', Unit: 'Bytes' },
};

/**
 * The fields that make a log line metrics too (CloudWatch's embedded metric format, 1.0.0): requests by `operation`
 * and `status`, which the line has as texts, and what was measured, over all operations.
 */
export function metricFields(measures: Partial<Measures>, timestampMs: number): object {
  const measured = Object.entries(measures) as [keyof Measures, number][]; // a Measures has no other members
  const Namespace = process.env.METRICS_NAMESPACE || 'Parley';
  const requests = {
    Namespace,
    Dimensions: [['operation', 'status']],
    Metrics: [{ Name: 'requests', Unit: 'Count' }],
  };
  const ofModel = {
    Namespace,
    Dimensions: [[]],
    Metrics: measured.map(([measure]) => MEASURES[measure]),
  };
  return {
    requests: 1,
    ...Object.fromEntries(measured.map(([measure, value]) => [MEASURES[measure].Name, value])),
    _aws: {
      Timestamp: timestampMs,
      CloudWatchMetrics: measured.length > 0 ? [requests, ofModel] : [requests],
    },
  };
}
