import { unreachable } from '../../shared/core/assert.ts';
import type { BatchFailure, Failure } from '../services/failure.ts';
import type { Described, ProblemStatus, Refusal } from './problem.ts';

const say = (status: ProblemStatus, title: string, detail: string): Described => ({
  status,
  title,
  detail,
});

/** Status, title and what to do, for each way in which a request is not carried out. */
export function describe(failure: Failure | Refusal): Described {
  switch (failure.reason) {
    case 'unauthenticated':
      return say(401, 'No valid key', 'Send a key as `Authorization: Bearer KEY`.');
    case 'forbidden':
      return say(403, 'Not with this key', 'This needs a secret key; a publishable one was sent.');
    case 'rate_limited':
      return say(429, 'Too many requests', `Try again in ${failure.retryAfterSeconds} s.`);
    case 'no_route':
      return say(404, 'No such route', `There is nothing at ${failure.path}.`);
    case 'not_found':
      return say(404, 'Not found', `There is no ${failure.what} in this workspace.`);
    case 'invalid':
      return say(422, 'Not as expected', failure.detail);
    case 'too_large':
      return say(413, 'Too large', `At most ${failure.limitBytes} bytes fit ${failure.what}.`);
    case 'length_required':
      return say(411, 'Length required', 'Send Content-Length: the size is checked first.');
    case 'code_refused':
      return say(403, 'Code refused', 'The code is unknown, used or too old. Ask for a new link.');
    case 'changed_meanwhile':
      return say(409, 'Changed meanwhile', `Somebody else changed ${failure.what}. Try again.`);
    default:
      return isOfRegistry(failure) ? describeRegistry(failure) : describeBatch(failure);
  }
}

type RegistryFailure = Extract<
  Failure,
  {
    reason:
      | 'hash_mismatch'
      | 'unknown_signer'
      | 'bad_signature'
      | 'trusted_key_exists'
      | 'file_missing'
      | 'file_size'
      | 'version_exists'
      | 'version_revoked'
      | 'rollout_running'
      | 'already_champion'
      | 'nothing_to_roll_back'
      | 'stale_serial'
      | 'revocation_dropped'
      | 'run_running'
      | 'too_many_models';
  }
>;

const BATCH_REASONS: Record<BatchFailure['reason'], true> = {
  unknown_protocol: true,
  digest_missing: true,
  digest_mismatch: true,
  not_gzip: true,
  bad_batch: true,
  batch_conflict: true,
};

const isOfRegistry = (failure: RegistryFailure | BatchFailure): failure is RegistryFailure =>
  !(failure.reason in BATCH_REASONS);

function describeRegistry(failure: RegistryFailure): Described {
  switch (failure.reason) {
    case 'hash_mismatch':
      return say(422, 'Other bytes', `The bytes do not hash to ${failure.expected}.`);
    case 'unknown_signer':
      return say(
        403,
        'Signed by a key this workspace does not trust',
        `Key ${failure.keyId} is not registered for this. Register it with PUT /v1/trusted-keys.`,
      );
    case 'bad_signature':
      return say(
        422,
        'Bad signature',
        `The signature is not key ${failure.keyId}'s over these bytes.`,
      );
    case 'trusted_key_exists':
      return say(
        409,
        'Key is registered',
        `Key ${failure.keyId} is registered as ${failure.purpose}.`,
      );
    case 'file_missing':
      return say(
        422,
        'A file is missing',
        `Put the ${failure.role} file first: PUT /v1/artifacts/${failure.sha256}.`,
      );
    case 'file_size':
      return say(
        422,
        'A file has another size',
        `The ${failure.role} file has ${failure.actualBytes} bytes, the manifest says ${failure.expectedBytes}.`,
      );
    case 'version_exists':
      return say(
        409,
        'Version exists with other bytes',
        `${failure.model}@${failure.version} is published and never changes. Publish a higher version.`,
      );
    case 'version_revoked':
      return say(
        409,
        'Version is revoked',
        `The publisher revoked ${failure.model}@${failure.version}: ${failure.why}`,
      );
    case 'rollout_running':
      return say(
        409,
        'A rollout is running',
        `Rollout ${failure.rolloutId} of ${failure.model} runs. Wait for it or roll it back.`,
      );
    case 'already_champion':
      return say(
        409,
        'Already champion',
        `${failure.version} is the champion of ${failure.model}.`,
      );
    case 'nothing_to_roll_back':
      return say(
        409,
        'Nothing to roll back to',
        `${failure.model} has no rollout running and no champion before this one.`,
      );
    case 'stale_serial':
      return say(
        409,
        'Serial is not higher',
        `Serial ${failure.serial} is not above ${failure.latest}, the last one taken.`,
      );
    case 'revocation_dropped':
      return say(
        409,
        'A revocation is missing',
        `${failure.model}@${failure.version} was revoked and must stay on the list.`,
      );
    case 'run_running':
      return say(409, 'A run is under way', `${failure.model} is being retrained.`);
    case 'too_many_models':
      return say(403, 'Too many models', `A workspace has at most ${failure.limit} models.`);
    default:
      return unreachable(failure);
  }
}

function describeBatch(failure: BatchFailure): Described {
  switch (failure.reason) {
    case 'unknown_protocol':
      return say(
        415,
        'Unknown protocol',
        `Protocol ${JSON.stringify(failure.protocol)} is not known here; this server speaks ${failure.known}.`,
      );
    case 'digest_missing':
      return say(
        400,
        'No digest',
        'Send `Content-Digest: sha-256=:BASE64:` of the compressed bytes (RFC 9530).',
      );
    case 'digest_mismatch':
      return say(
        400,
        'Digest differs',
        'The bytes that arrived are not those that were sent. Send them again.',
      );
    case 'not_gzip':
      return say(400, 'Not gzip', `The batch cannot be decompressed: ${failure.detail}`);
    case 'bad_batch':
      return say(400, 'Not a batch', failure.detail);
    case 'batch_conflict':
      return say(
        409,
        'Other bytes under a known batch id',
        `Batch ${failure.batch} was received with other bytes.`,
      );
    default:
      return unreachable(failure);
  }
}
