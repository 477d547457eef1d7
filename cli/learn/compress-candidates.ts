import { ok, type Result } from '../../shared/core/result.ts';
import {
  type Compression,
  type CompressionReport,
  compressModel,
  measureCompression,
} from '../../shared/onnx/compress-model.ts';
import type { Tensor } from '../../shared/onnx/runtime/tensor.ts';
import { type CliFailure, failed } from '../failure.ts';
import type { CompressMethod } from './compress-call.ts';

/** How a smaller model is judged. */
export type Judge = {
  feeds: Readonly<Record<string, Tensor>>;
  /** Of predictions [rows, outputs]: lower is better. */
  lossOf(predictions: Float32Array): number;
  /** Whether a loss may be kept. */
  isGood(loss: number): boolean;
  /** What raw scores span: pruning starts from there. */
  span: number;
};

export type Candidate = {
  methods: CompressMethod[];
  bytes: Uint8Array<ArrayBuffer>;
  report: CompressionReport;
  isGood: boolean;
  /** The most that pruning changes a raw score; absent: nothing was pruned. */
  bound?: number;
};

/** How much of the span pruning may change a score by, the most first. */
const PRUNE_STEPS = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001];

/**
 * Each method by itself, then what trees and weights allow together. A method that finds nothing to make
 * smaller is told with as many bytes as before.
 */
export function compressionCandidates(
  onnx: Uint8Array,
  methods: readonly CompressMethod[],
  judge: Judge,
): Result<Candidate[], CliFailure> {
  const found: Candidate[] = [];
  const ofTrees = methods.filter((method) => method === 'merge' || method === 'prune');
  const ofWeights = methods.filter((method) => method === 'float16' || method === 'int8');
  for (const method of [...ofTrees, ...ofWeights]) {
    const made = method === 'prune' ? pruned(onnx, judge) : tryOut(onnx, [method], judge);
    if (!made.ok) return made;
    found.push(made.value);
  }
  const isSmaller = ({ bytes }: Candidate) => bytes.length < onnx.length;
  const [smallest] = found
    .slice(0, ofTrees.length)
    .filter((each) => each.isGood && isSmaller(each))
    .sort((a, b) => a.bytes.length - b.bytes.length);
  if (smallest === undefined) return ok(found);
  for (const candidate of found.slice(ofTrees.length).filter(isSmaller)) {
    const [method] = candidate.methods;
    const both = tryOut(onnx, [...smallest.methods, method], judge, smallest.bound);
    if (!both.ok) return both;
    found.push(both.value);
  }
  return ok(found);
}

/** The most that may be pruned, by bounds tried from the largest on; the smallest where none is good. */
function pruned(onnx: Uint8Array, judge: Judge): Result<Candidate, CliFailure> {
  let last = tryOut(onnx, ['prune'], judge, PRUNE_STEPS[0] * judge.span);
  for (const step of PRUNE_STEPS.slice(1)) {
    if (!last.ok || last.value.isGood) return last;
    last = tryOut(onnx, ['prune'], judge, step * judge.span);
  }
  return last;
}

function tryOut(
  onnx: Uint8Array,
  methods: CompressMethod[],
  judge: Judge,
  bound?: number,
): Result<Candidate, CliFailure> {
  const compressed = compressModel(onnx, compressionOf(methods, bound));
  if (!compressed.ok) return failed('version_files', compressed.error.detail);
  const { feeds, lossOf } = judge;
  const measured = measureCompression(onnx, compressed.value, {
    ...{ feeds, scoreOf: lossOf, nowMs: () => performance.now() },
  });
  if (!measured.ok)
    return failed(
      'version_files',
      `Our own runtime cannot run the model: ${measured.error.detail}.`,
    );
  const isGood = judge.isGood(measured.value.after.score);
  const candidate = { methods, bytes: compressed.value, report: measured.value, isGood };
  return ok(bound === undefined ? candidate : { ...candidate, bound });
}

function compressionOf(methods: readonly CompressMethod[], bound?: number): Compression {
  const weights = methods.find((method) => method === 'float16' || method === 'int8');
  const prune = methods.includes('prune') ? bound : methods.includes('merge') ? 0 : undefined;
  return {
    ...(weights === undefined ? {} : { weights }),
    ...(prune === undefined ? {} : { prune }),
  };
}
