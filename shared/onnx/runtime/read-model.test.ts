import { create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8 } from '../../core/utf8.ts';
import { ModelProtoSchema } from '../onnx-generated.ts';
import { readModel } from './read-model.ts';

const float32 = fc.float({ noNaN: false });
const int53 = fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n });
const text = fc.string({ unit: 'binary' });

const attribute = fc.record({
  name: text,
  f: float32,
  i: int53,
  s: text,
  floats: fc.array(float32),
  ints: fc.array(int53),
  strings: fc.array(text),
});

const node = fc.record({
  opType: text,
  domain: text,
  input: fc.array(text, { maxLength: 3 }),
  output: fc.array(text, { maxLength: 3 }),
  attribute: fc.array(attribute, { maxLength: 3 }),
});

const bytesOf = (value: string) => utf8(value) as Uint8Array<ArrayBuffer>;

test('a file written by protobuf-es is read as it was written', () => {
  fc.assert(
    fc.property(fc.array(node, { maxLength: 3 }), fc.array(float32), (nodes, values) => {
      const dims = [BigInt(values.length)];
      const floatData = { name: 'w', dims, dataType: 1, floatData: values };
      const rawData = new Uint8Array(Float32Array.from(values).buffer);
      const model = create(ModelProtoSchema, {
        graph: {
          node: nodes.map((each) => ({
            ...each,
            attribute: each.attribute.map(({ s, strings, ...others }) => ({
              ...{ ...others, s: bytesOf(s), strings: strings.map(bytesOf) },
            })),
          })),
          initializer: [floatData, { name: 'r', dims, dataType: 1, rawData }],
        },
      });
      const read = readModel(toBinary(ModelProtoSchema, model));
      expect(read.constants.get('w')?.data).toEqual(Float32Array.from(values));
      expect(read.constants.get('r')?.data).toEqual(Float32Array.from(values));
      expect(
        read.nodes.map(({ inputs, outputs, attributes, ...others }) => ({
          ...others,
          input: inputs,
          output: outputs,
          attribute: attributes.map(({ name, float, int, text: s, ...lists }) => ({
            ...{ name, f: float, i: BigInt(int ?? 0), floats: [...lists.floats] },
            s: String(s),
            ints: Array.from(lists.ints, BigInt),
            strings: lists.texts.map(String),
          })),
        })),
      ).toEqual(
        nodes.map(({ attribute: attributes, ...others }) => ({
          ...others,
          attribute: attributes.map(({ s, strings, ...rest }) => ({
            ...{ ...rest, s: String(bytesOf(s)) },
            strings: strings.map((each) => String(bytesOf(each))),
          })),
        })),
      );
    }),
    { numRuns: 200 },
  );
});

test('any bytes are read or refused with a reason', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        readModel(bytes);
      } catch (error) {
        expect(error).toMatchObject({ reason: expect.stringMatching(/model$/) });
      }
    }),
    { numRuns: 500 },
  );
});
