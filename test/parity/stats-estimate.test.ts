import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { fitCalibration } from '../../shared/stats/estimate/calibration.ts';
import { estimatePerformance } from '../../shared/stats/estimate/confidence-based.ts';
import { rocAuc } from '../../shared/stats/estimate/roc-auc.ts';

type Stream = {
  chunk_size: number;
  chunks: { chunk: number; est_auc: number; real_auc: number; est_acc: number }[];
  reference: { p: number[]; y: number[] };
  analysis: { p: number[]; y: number[] };
};
const table: { streams: Record<string, Stream> } = JSON.parse(
  readFileSync(
    new URL('../../../shared/conformance/performance-estimation.json', import.meta.url),
    'utf8',
  ),
);

test.each(Object.entries(table.streams))('%s: the estimates of NannyML 0.13.1', (_, stream) => {
  const reference = { probabilities: stream.reference.p, labels: stream.reference.y };
  const calibration = fitCalibration(reference, createRng(42));
  expect(calibration).not.toBeNull();
  for (const chunk of stream.chunks) {
    const from = chunk.chunk * stream.chunk_size;
    const part = (values: number[]) => values.slice(from, from + stream.chunk_size);
    const estimate = estimatePerformance(part(stream.analysis.p), calibration)!;
    // The table's probabilities are rounded to six digits.
    expect(Math.abs(estimate.rocAuc! / chunk.est_auc - 1)).toBeLessThan(1e-6);
    expect(Math.abs(estimate.accuracy / chunk.est_acc - 1)).toBeLessThan(1e-6);
    const realised = rocAuc({
      probabilities: part(stream.analysis.p),
      labels: part(stream.analysis.y),
    })!;
    expect(Math.abs(realised / chunk.real_auc - 1)).toBeLessThan(1e-6);
  }
});
