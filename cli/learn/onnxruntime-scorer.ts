import { ok, type Result } from '../../shared/core/result.ts';
import type { Table } from '../../shared/table/table.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';
import { type Scorer, textsOf } from './scorer.ts';

/** Its warnings are for those who wrote the graph. */
const ERRORS_ONLY = 3;

/** onnxruntime's WebAssembly build, one thread; loaded only when it is asked for. */
export async function onnxruntimeScorer(
  bytes: Uint8Array,
): Promise<Result<Scorer & { runtime: 'onnxruntime' }, CliFailure>> {
  const { env, InferenceSession, Tensor } = await import('onnxruntime-web/wasm');
  env.wasm.numThreads = 1;
  env.logLevel = 'error';
  try {
    const session = await InferenceSession.create(bytes, { logSeverityLevel: ERRORS_ONLY });
    const feedsOf = ({ columns, rows }: Table) =>
      columns.map((column) => [
        column.name,
        column.type === 'number'
          ? new Tensor('float32', column.values, [rows, 1])
          : new Tensor('string', textsOf(column), [rows, 1]),
      ]);
    const score: Scorer['score'] = async (table) => {
      const answers = await session.run(Object.fromEntries(feedsOf(table)));
      const values = (answers.variable ?? answers.probabilities).data as Float32Array;
      return { values, labels: (answers.label?.data as string[] | undefined) ?? null };
    };
    return ok({ runtime: 'onnxruntime', score });
  } catch (error) {
    return failed('version_files', `onnxruntime cannot run the model: ${messageOf(error)}`);
  }
}
