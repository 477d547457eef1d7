import type * as v from 'valibot';
import type { Declaration } from '../../shared/contracts/declaration.ts';
import { declaration } from '../../shared/contracts/declaration.ts';
import { LIMITS } from '../../shared/contracts/limits.ts';
import type { Manifest, ManifestFile } from '../../shared/contracts/manifest.ts';
import { manifest } from '../../shared/contracts/manifest.ts';
import type { ReferenceProfile } from '../../shared/contracts/profile.ts';
import { referenceProfile } from '../../shared/contracts/profile.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { declarationProblems } from '../../shared/use-case/declaration-problems.ts';
import { artifactKey } from '../store/r2-keys.ts';
import type { Failure } from './failure.ts';
import { parseWith } from './parse.ts';
import type { Scope } from './scope.ts';

const ROLES = ['model', 'reference', 'probe', 'declaration'] as const;

/** The manifest inside signed bytes, if it is the one for this path. */
export function parseManifest(
  bytes: Uint8Array,
  path: { model: string; version: string },
): Result<Manifest, Failure> {
  const parsed = parseWith(manifest, bytes, 'The manifest');
  if (!parsed.ok) return parsed;
  const { model, version, files } = parsed.value;
  if (model !== path.model || version !== path.version)
    return invalid(
      `The manifest is for ${model}@${version}, the path says ${path.model}@${path.version}.`,
    );
  for (const role of ROLES) {
    const count = files.filter((file) => file.role === role).length;
    if (count !== 1)
      return invalid(`The manifest lists ${count} files of role ${role}; one is needed.`);
  }
  const broken = files.find(
    (file) => file.chunks.length !== Math.ceil(file.sizeBytes / file.chunkSizeBytes),
  );
  if (broken) return invalid(`The chunk list of the ${broken.role} file does not cover its bytes.`);
  return parsed;
}

/** Every file is in R2 at its size; declaration and reference say the same as the manifest. */
export async function checkFiles(
  scope: Scope,
  subject: Manifest,
): Promise<Result<{ declaration: Declaration; reference: ReferenceProfile }, Failure>> {
  for (const file of subject.files) {
    const stored = await scope.env.BUCKET.head(artifactKey(scope.workspace, file.sha256));
    if (!stored) return fail({ reason: 'file_missing', role: file.role, sha256: file.sha256 });
    if (stored.size !== file.sizeBytes)
      return fail({
        reason: 'file_size',
        role: file.role,
        expectedBytes: file.sizeBytes,
        actualBytes: stored.size,
      });
  }
  const declared = await readFile(scope, { subject, role: 'declaration', schema: declaration });
  if (!declared.ok) return declared;
  const reference = await readFile(scope, { subject, role: 'reference', schema: referenceProfile });
  if (!reference.ok) return reference;
  const [problem] = declarationProblems(declared.value);
  if (problem) return invalid(`The declaration contradicts itself: ${problem}`);
  const disagreement = findDisagreement(subject, declared.value, reference.value);
  if (disagreement) return invalid(disagreement);
  return ok({ declaration: declared.value, reference: reference.value });
}

async function readFile<T>(
  scope: Scope,
  options: {
    subject: Manifest;
    role: ManifestFile['role'];
    schema: v.GenericSchema<unknown, T>;
  },
): Promise<Result<T, Failure>> {
  const { subject, role, schema } = options;
  const file = subject.files.find((candidate) => candidate.role === role)!;
  if (file.sizeBytes > LIMITS.jsonBodyBytes)
    return fail({
      reason: 'too_large',
      what: `the ${role} file`,
      limitBytes: LIMITS.jsonBodyBytes,
    });
  const stored = await scope.env.BUCKET.get(artifactKey(scope.workspace, file.sha256));
  if (!stored) return fail({ reason: 'file_missing', role, sha256: file.sha256 });
  return parseWith(schema, new Uint8Array(await stored.arrayBuffer()), `The ${role} file`);
}

function findDisagreement(
  subject: Manifest,
  declared: Declaration,
  reference: ReferenceProfile,
): string | null {
  if (declared.id !== subject.model)
    return `The declaration is of ${declared.id}, the manifest of ${subject.model}.`;
  if (JSON.stringify(declared.task) !== JSON.stringify(subject.task))
    return 'Declaration and manifest disagree on the task.';
  const isBinary = declared.task.type === 'binary';
  const { crossValidation, test, fallback } = subject.metrics;
  if ([crossValidation, test, fallback].some((of) => of && 'brier' in of !== isBinary))
    return `The metrics are not those of a ${declared.task.type} model.`;
  if (isBinary !== (subject.interval === null))
    return 'A regression has an interval around its answers, a classifier has none.';
  for (const [at, input] of declared.inputs.entries()) {
    if (JSON.stringify(input) !== JSON.stringify(subject.inputs[at]))
      return `Declaration and manifest disagree on input ${at} (${input.name}).`;
    if (reference.inputs[input.name]?.type !== input.type)
      return `The reference profile has no ${input.type} column ${input.name}.`;
  }
  if (declared.inputs.length !== subject.inputs.length)
    return 'Declaration and manifest disagree on the number of inputs.';
  return null;
}

const invalid = (detail: string) => fail({ reason: 'invalid' as const, detail });
