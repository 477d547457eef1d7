import * as v from 'valibot';
import {
  type Manifest,
  type ManifestFile,
  type ProbeRows,
  probeRows,
  type Signed,
} from '../../../shared/contracts/manifest.ts';
import { fail, ok, type Result } from '../../../shared/core/result.ts';
import { SECOND_MS } from '../../../shared/core/time.ts';
import type { SpawnSession } from '../adapters.ts';
import { type SupervisedSession, superviseSession } from '../inference/supervised-session.ts';
import { messageOf } from '../storage/storage-errors.ts';
import { checkManifest, type ManifestCheck } from './check-manifest.ts';
import { movePointer } from './chunks.ts';
import { type DownloadOptions, obtainFile } from './download.ts';
import { describeRefusal, type Refusal } from './refusal.ts';

const PROBE_WITHIN_MS = 20 * SECOND_MS;

export type ActiveModel = { manifest: Manifest; signed: Signed; session: SupervisedSession };

export type AcquireOptions = ManifestCheck &
  DownloadOptions & {
    spawn: SpawnSession;
    wasmUrl?: string;
    onSessionFailure: (version: string, detail: string) => void;
    onState: () => void;
    /** A challenger that answers nobody is not what the next start begins with. */
    isShadow?: boolean;
  };

/**
 * From a signed manifest to a session that answers: check, download, start, compare with the
 * trainer's own answers, and only then point to it.
 * @param version the one the flag names; null for the version that was active before
 */
export async function acquireModel(
  signed: Signed,
  version: string | null,
  options: AcquireOptions,
): Promise<Result<ActiveModel, Refusal>> {
  const checked = await checkManifest(signed, version, options);
  if (!checked.ok) return checked;
  const manifest = checked.value;
  const model = obtainRole(manifest, 'model', options);
  const [session, probe] = await Promise.all([
    startWith(manifest, model, options),
    obtainProbe(manifest, options),
  ]);
  if (!session.ok) return session;
  const misfit = await misfitOf(session.value, probe, options.signal);
  if (misfit) {
    session.value.terminate();
    return fail(misfit);
  }
  // Without room for the pointer the model still serves; it is found again by its flag.
  if (!options.isShadow)
    await movePointer(options.storage, manifest, signed).catch(() => undefined);
  return ok({ manifest, signed, session: session.value });
}

/** The runtime is fetched and compiled while the model is still on its way. */
async function startWith(
  manifest: Manifest,
  obtained: Promise<Result<Uint8Array, Refusal>>,
  options: AcquireOptions,
): Promise<Result<SupervisedSession, Refusal>> {
  const bytes = obtained.then((file) => {
    if (!file.ok) throw new Error(describeRefusal(file.error));
    return file.value;
  });
  const started = await start(manifest, bytes, options);
  const file = await obtained;
  if (file.ok) return started;
  if (started.ok) started.value.terminate();
  return file;
}

async function obtainProbe(
  manifest: Manifest,
  options: AcquireOptions,
): Promise<Result<ProbeRows, Refusal>> {
  const probe = await obtainRole(manifest, 'probe', options);
  if (!probe.ok) return probe;
  const parsed = v.safeParse(
    v.pipe(v.string(), v.parseJson(), probeRows),
    new TextDecoder().decode(probe.value),
  );
  if (parsed.success) return ok(parsed.output);
  return fail({ reason: 'not_probe_rows', detail: v.summarize(parsed.issues).slice(0, 500) });
}

async function obtainRole(
  { files }: Manifest,
  role: ManifestFile['role'],
  options: AcquireOptions,
): Promise<Result<Uint8Array, Refusal>> {
  const file = files.find((item) => item.role === role);
  return file ? obtainFile(file, options) : fail({ reason: 'missing_file', role });
}

async function start(
  { version, inputs, format, baseline }: Manifest,
  model: Promise<Uint8Array>,
  { spawn, wasmUrl, onSessionFailure, onState }: AcquireOptions,
): Promise<Result<SupervisedSession, Refusal>> {
  try {
    const onFailure = (detail: string) => onSessionFailure(version, detail);
    const kind = { format, baseline, wasmUrl };
    return ok(await superviseSession({ spawn, model, inputs, ...kind, onFailure, onState }));
  } catch (error) {
    return fail({ reason: 'runtime', detail: messageOf(error) });
  }
}

async function misfitOf(
  session: SupervisedSession,
  probe: Result<ProbeRows, Refusal>,
  signal: AbortSignal,
): Promise<Refusal | null> {
  if (!probe.ok) return probe.error;
  if (signal.aborted)
    return { reason: 'unreachable', detail: 'another version was assigned meanwhile' };
  return runProbe(session, probe.value);
}

/** Warms the session up and compares it with what the trainer recorded. */
async function runProbe(
  session: SupervisedSession,
  { rows, tolerance }: ProbeRows,
): Promise<Refusal | null> {
  if (rows.length === 0) return null;
  const answers = await session.run(
    rows.map(({ row }) => row),
    { deadlineMs: PROBE_WITHIN_MS },
  );
  if (!answers.ok) {
    const detail =
      answers.error.reason === 'runtime' ? answers.error.detail : 'probe took too long';
    return { reason: 'runtime', detail };
  }
  for (const [i, { value }] of rows.entries()) {
    const found = answers.value[i];
    if (!(Math.abs(found - value) <= tolerance))
      return { reason: 'probe_mismatch', row: i, expected: value, found, tolerance };
  }
  return null;
}
