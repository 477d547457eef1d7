import type { ThresholdMethod } from '../../shared/learn/anomaly/anomaly-threshold.ts';

const ADAPTIVE: Record<string, ThresholdMethod> = {
  deviations: { type: 'deviations', factor: 3.5 },
  fence: { type: 'fence', factor: 1.5 },
  mixture: { type: 'mixture' },
};

/** Above which scores a row is called an anomaly. @see ThresholdMethod */
export const thresholdFlag = {
  kind: 'parsed',
  brief: 'Of anomalies: deviations, fence, mixture, or the share of rows to flag, like 0.01',
  placeholder: 'METHOD',
  parse: (words: string): ThresholdMethod => {
    if (Object.hasOwn(ADAPTIVE, words)) return ADAPTIVE[words];
    const contamination = Number(words);
    if (contamination > 0 && contamination < 1) return { type: 'contamination', contamination };
    throw new Error(
      `Expected deviations, fence, mixture or a share between 0 and 1, found "${words}"`,
    );
  },
  default: 'deviations',
} as const;
