import type { Input } from '../../../shared/contracts/declaration.ts';
import type { Manifest, Row } from '../../../shared/contracts/manifest.ts';
import type { Backend } from '../../../shared/contracts/telemetry.ts';
import { fail, ok, type Result } from '../../../shared/core/result.ts';
import { MINUTE_MS, SECOND_MS } from '../../../shared/core/time.ts';
import type { InferenceSession, SpawnSession } from '../adapters.ts';
import { messageOf } from '../storage/storage-errors.ts';

/** A run unanswered for longer means that the worker hangs, not that it is slow. */
const STUCK_AFTER_MS = 3 * SECOND_MS;
const FIRST_RESTART_MS = SECOND_MS / 4;
const MAX_RESTART_MS = MINUTE_MS;

export type RunFailure = { reason: 'deadline' } | { reason: 'runtime'; detail: string };

export type SupervisedSession = {
  /** One value a row, or why there is none within the deadline. @throws the signal's reason */
  run(
    rows: readonly Row[],
    options: { deadlineMs: number; signal?: AbortSignal },
  ): Promise<Result<Float32Array, RunFailure>>;
  isLive(): boolean;
  backend(): Backend | undefined;
  terminate(): void;
};

type Options = {
  spawn: SpawnSession;
  model: Promise<Uint8Array>;
  inputs: readonly Input[];
  format?: Manifest['format'];
  baseline?: Manifest['baseline'];
  wasmUrl?: string;
  /** The session died or hung; another one is being started. */
  onFailure: (detail: string) => void;
  onState: () => void;
};

/**
 * A session that is started again when it crashes or hangs; runs meanwhile fail at once.
 * @throws when it cannot be started the first time
 */
export async function superviseSession(options: Options): Promise<SupervisedSession> {
  let session: InferenceSession | null = null;
  let isTerminated = false;
  let failures = 0;
  let restart: ReturnType<typeof setTimeout> | undefined;

  const spawn = async () => {
    const { model, inputs, format, baseline, wasmUrl } = options;
    const started = await options.spawn({
      ...{ model, inputs, format, baseline, wasmUrl },
      onCrash: (error) => started === session && replace(messageOf(error)),
    });
    if (isTerminated) return started.terminate();
    session = started;
    options.onState();
  };

  const replace = (detail: string) => {
    if (isTerminated) return;
    session?.terminate();
    session = null;
    options.onFailure(detail);
    options.onState();
    const delayMs = Math.min(MAX_RESTART_MS, FIRST_RESTART_MS * 2 ** failures);
    failures += 1;
    clearTimeout(restart);
    restart = setTimeout(() => {
      spawn().catch((error: unknown) => replace(messageOf(error)));
    }, delayMs);
  };

  const watch = (asked: InferenceSession, run: Promise<unknown>) => {
    const timer = setTimeout(() => {
      if (asked === session) replace(`no answer for ${STUCK_AFTER_MS} ms`);
    }, STUCK_AFTER_MS);
    const settled = () => clearTimeout(timer);
    run.then(settled, settled);
  };

  await spawn();
  return {
    isLive: () => session !== null,
    backend: () => session?.backend,
    async run(rows, { deadlineMs, signal }) {
      const asked = session;
      if (!asked) return fail({ reason: 'runtime', detail: 'the worker is being started again' });
      try {
        const running = asked.run(rows);
        const values = await withDeadline(running, { deadlineMs, signal });
        if (values === null) {
          watch(asked, running);
          return fail({ reason: 'deadline' });
        }
        failures = 0;
        return ok(values);
      } catch (error) {
        signal?.throwIfAborted();
        return fail({ reason: 'runtime', detail: messageOf(error) });
      }
    },
    terminate() {
      isTerminated = true;
      clearTimeout(restart);
      session?.terminate();
      session = null;
    },
  };
}

/** null after the deadline; rejects when aborted or when `work` does. */
function withDeadline<T>(
  work: Promise<T>,
  { deadlineMs, signal }: { deadlineMs: number; signal?: AbortSignal },
): Promise<T | null> {
  // A worker can be quicker than a timer of 0 ms.
  if (deadlineMs <= 0) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const onAbort = () => settle(() => reject(signal?.reason));
    const timer = setTimeout(() => settle(() => resolve(null)), deadlineMs);
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    signal?.addEventListener('abort', onAbort);
    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}
