import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { fail, ok, type Result } from '../../core/result.ts';
import { type GraphProto, type ModelProto, ModelProtoSchema } from '../onnx-generated.ts';

export type NoModel = { reason: 'invalid_model'; detail: string };

/** A file to be changed: what we do not know of it is kept as it is. */
export type OpenModel = { model: ModelProto; graph: GraphProto };

export function openModel(bytes: Uint8Array): Result<OpenModel, NoModel> {
  try {
    const model = fromBinary(ModelProtoSchema, bytes);
    if (model.graph !== undefined) return ok({ model, graph: model.graph });
    return fail({
      reason: 'invalid_model',
      detail: 'it is no ONNX file, or a damaged one (there is no graph in it)',
    });
  } catch (error) {
    // What the protobuf reader throws on bytes that are no protobuf carries no type of its own.
    const why = error instanceof Error ? error.message : String(error);
    const detail = `it is no ONNX file, or a damaged one (${why})`;
    return fail({ reason: 'invalid_model', detail });
  }
}

export const closeModel = ({ model }: OpenModel): Uint8Array<ArrayBuffer> =>
  toBinary(ModelProtoSchema, model) as Uint8Array<ArrayBuffer>;
