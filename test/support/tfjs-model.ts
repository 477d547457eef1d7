import { readTfjsModel } from '../../shared/neural/tfjs-model/read-tfjs-model.ts';

/** One dense layer of one unit as a tfjs layers model, in the one file of a version. */
export function linearTfjsModel(
  weights: readonly number[],
  { bias, activation = 'linear' }: { bias: number; activation?: 'linear' | 'sigmoid' },
): Uint8Array<ArrayBuffer> {
  const config = { units: 1, activation, use_bias: true, name: 'd', dtype: 'float32' };
  const layer = { ...config, trainable: true, batch_input_shape: [null, weights.length] };
  const layers = [{ class_name: 'Dense', config: layer }];
  const file = readTfjsModel({
    modelJson: JSON.stringify({
      format: 'layers-model',
      modelTopology: { class_name: 'Sequential', config: { name: 'linear', layers } },
      weightsManifest: [
        {
          paths: ['group1-shard1of1.bin'],
          weights: [
            { name: 'd/kernel', shape: [weights.length, 1], dtype: 'float32' },
            { name: 'd/bias', shape: [1], dtype: 'float32' },
          ],
        },
      ],
    }),
    shards: new Map([
      ['group1-shard1of1.bin', new Uint8Array(Float32Array.of(...weights, bias).buffer)],
    ]),
  });
  if (!file.ok) throw new Error(file.error.detail);
  return file.value;
}
