import { fromBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeModel, intsAttribute } from './graph.ts';
import { ModelProtoSchema } from './onnx-generated.ts';

test('packed integers are read by protobuf-es as they were', () => {
  const integer = fc.oneof(
    fc.integer({ min: -(2 ** 53), max: 2 ** 53 }),
    fc.constantFrom(0, 127, 128, 16_383, 16_384, -1),
  );
  fc.assert(
    fc.property(fc.array(integer), (values) => {
      const attribute = [intsAttribute('ints', values)];
      const nodes = [{ opType: 'Any', attribute }];
      const bytes = encodeModel({ name: 'ints', nodes, inputs: [], outputs: [] });
      const read = fromBinary(ModelProtoSchema, bytes).graph?.node[0].attribute[0];
      expect(read?.ints).toEqual(values.map(BigInt));
    }),
  );
});
