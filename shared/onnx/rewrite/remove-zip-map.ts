import { create } from '@bufbuild/protobuf';
import { ok, type Result } from '../../core/result.ts';
import { tensorInfo } from '../graph.ts';
import { type NodeProto, NodeProtoSchema, ValueInfoProtoSchema } from '../onnx-generated.ts';
import { closeModel, type NoModel, type OpenModel, openModel } from './read-onnx.ts';

/**
 * The same model with each ZipMap cut off: the output that was a list of dictionaries, one a row, is
 * then the matrix [N, classes] that the ZipMap was given, under the same name. Runtimes in browsers
 * answer tensors only. A model without a ZipMap keeps its bytes.
 */
export function removeZipMap(bytes: Uint8Array): Result<Uint8Array, NoModel> {
  const opened = openModel(bytes);
  if (!opened.ok) return opened;
  return ok(cutZipMaps(opened.value) ? closeModel(opened.value) : bytes);
}

/** @returns whether there was one */
export function cutZipMaps({ graph }: OpenModel): boolean {
  const maps = graph.node.filter(({ opType }) => opType === 'ZipMap');
  for (const map of maps) {
    const [output] = map.output;
    graph.node[graph.node.indexOf(map)] = create(NodeProtoSchema, {
      ...{ opType: 'Identity', input: map.input, output: [output] },
    });
    const at = graph.output.findIndex(({ name }) => name === output);
    if (at < 0) continue;
    graph.output[at] = create(ValueInfoProtoSchema, tensorInfo(output, 'float', classesOf(map)));
  }
  return maps.length > 0;
}

const classesOf = ({ attribute }: NodeProto): number =>
  attribute.reduce((most, { ints, strings }) => Math.max(most, ints.length, strings.length), 0);
