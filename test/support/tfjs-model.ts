import { readTfjsModel, type TfjsFolder } from '../../shared/neural/tfjs-model/read-tfjs-model.ts';

const SHARD = 'group1-shard1of1.bin';

/** One dense layer of one unit, as tfjs saves it: model.json and a shard. */
export function linearTfjsFolder(weights: readonly number[], bias: number): TfjsFolder {
  const layer = {
    ...{ units: 1, activation: 'linear', use_bias: true, name: 'd', dtype: 'float32' },
    ...{ trainable: true, batch_input_shape: [null, weights.length] },
  };
  const layers = [{ class_name: 'Dense', config: layer }];
  return {
    modelJson: JSON.stringify({
      format: 'layers-model',
      modelTopology: { class_name: 'Sequential', config: { name: 'linear', layers } },
      weightsManifest: [
        {
          paths: [SHARD],
          weights: [
            { name: 'd/kernel', shape: [weights.length, 1], dtype: 'float32' },
            { name: 'd/bias', shape: [1], dtype: 'float32' },
          ],
        },
      ],
    }),
    shards: new Map([[SHARD, new Uint8Array(Float32Array.of(...weights, bias).buffer)]]),
  };
}

/** The same in the one file of a version. */
export function linearTfjsModel(weights: readonly number[], bias: number): Uint8Array<ArrayBuffer> {
  const file = readTfjsModel(linearTfjsFolder(weights, bias));
  if (!file.ok) throw new Error(file.error.detail);
  return file.value;
}
