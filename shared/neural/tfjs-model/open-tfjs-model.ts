import { io, type Tensor, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Input } from '../../contracts/declaration.ts';
import type { Manifest, Row } from '../../contracts/manifest.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import {
  encodedWidth,
  encodeFeatures,
  featuresOf,
  type RawColumn,
  rawColumns,
} from './encode-features.ts';
import { decodeTfjsFile, type TfjsFile, type TfjsProblem } from './tfjs-file.ts';

/** A tfjs model that takes a use case's raw inputs. */
export type OpenTfjsModel = {
  /** Numbers [rows, outputs] of raw columns, in the order of the inputs. */
  run(columns: readonly RawColumn[]): Float32Array;
  /** The same of rows by name. */
  predict(rows: readonly Row[]): Float32Array;
  dispose(): void;
};

/** What both kinds of tfjs model have, as far as it is used. */
type Loaded = {
  inputs: readonly { name: string; shape?: readonly (number | null)[] }[];
  outputs: readonly { name: string; shape?: readonly (number | null)[] }[];
  predict(values: Tensor): unknown;
  dispose(): unknown;
};

/**
 * Loads a model file on the backend that the caller has set, and checks that it takes one tensor of as
 * many numbers a row as the inputs encode to, and gives one tensor. @see encodeFeatures
 */
export async function openTfjsModel(
  bytes: Uint8Array,
  { inputs, baseline }: { inputs: readonly Input[]; baseline: Manifest['baseline'] },
): Promise<Result<OpenTfjsModel, TfjsProblem>> {
  const file = decodeTfjsFile(bytes);
  if (!file.ok) return file;
  const features = featuresOf(inputs, baseline);
  const width = encodedWidth(features);
  const loaded = await load(file.value);
  if (!loaded.ok) return loaded;
  const model = loaded.value;
  const misfit = misfitOf(model, width);
  if (misfit !== null) {
    model.dispose();
    return fail({ reason: 'unfit_shape', detail: misfit });
  }
  const run = (columns: readonly RawColumn[]) =>
    tidy(() => {
      const rows = columns[0].length;
      const given = tensor2d(encodeFeatures(features, columns), [rows, width]);
      return Float32Array.from((model.predict(given) as Tensor).dataSync());
    });
  return ok({
    run,
    predict: (rows) => run(rawColumns(features, rows)),
    dispose: () => void model.dispose(),
  });
}

/** Each kind is a package of its own, fetched only for a model of that kind. */
async function load(file: TfjsFile): Promise<Result<Loaded, TfjsProblem>> {
  const artifacts = io.fromMemory({
    ...{ format: file.format, modelTopology: file.topology as object },
    weightSpecs: file.weightSpecs as io.WeightsManifestEntry[],
    weightData: file.weights.slice().buffer,
    ...(file.signature === null ? {} : { signature: file.signature as object }),
  });
  try {
    if (file.format === 'graph-model') {
      const { loadGraphModel } = await import('@tensorflow/tfjs-converter');
      return ok((await loadGraphModel(artifacts)) as Loaded);
    }
    const { loadLayersModel } = await import('@tensorflow/tfjs-layers');
    return ok((await loadLayersModel(artifacts)) as Loaded);
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
    return fail({
      reason: 'not_a_tfjs_model',
      detail: `tfjs cannot build it: ${why.slice(0, 300)}`,
    });
  }
}

function misfitOf({ inputs, outputs }: Loaded, width: number): string | null {
  if (inputs.length !== 1 || outputs.length !== 1)
    return `it takes ${inputs.length} tensors and gives ${outputs.length}; one of each is needed`;
  const [{ name, shape }] = inputs;
  const asked = shape?.at(-1) ?? width;
  if (asked === width && (shape === undefined || shape.length === 2)) return null;
  const found = shape?.map((length) => length ?? 'rows').join(', ');
  return `its input ${name} is [${found}], the declared inputs encode to [rows, ${width}]`;
}
