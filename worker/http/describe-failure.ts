import type { Failure } from '../services/failure.ts';
import type { Described, ProblemStatus, Refusal } from './problem.ts';

type Any = Failure | Refusal;
type Descriptions = { [R in Any['reason']]: (failure: Extract<Any, { reason: R }>) => Described };

const say = (status: ProblemStatus, title: string, detail: string): Described => ({
  status,
  title,
  detail,
});

/** Status, title and what to do. The type holds one entry for every reason there is. */
const DESCRIPTIONS: Descriptions = {
  unauthenticated: () => say(401, 'No valid key', 'Send a key as `Authorization: Bearer KEY`.'),
  forbidden: () =>
    say(403, 'Not with this key', 'This needs a secret key; a publishable one was sent.'),
  rate_limited: ({ retryAfterSeconds }) =>
    say(429, 'Too many requests', `Try again in ${retryAfterSeconds} s.`),
  no_route: ({ path }) => say(404, 'No such route', `There is nothing at ${path}.`),
  not_found: ({ what }) => say(404, 'Not found', `There is no ${what} in this workspace.`),
  invalid: ({ detail }) => say(422, 'Not as expected', detail),
  too_large: ({ what, limitBytes }) =>
    say(413, 'Too large', `At most ${limitBytes} bytes fit ${what}.`),
  length_required: () =>
    say(411, 'Length required', 'Send Content-Length: the size is checked first.'),
  code_refused: () =>
    say(403, 'Code refused', 'The code is unknown, used or too old. Ask for a new link.'),
  changed_meanwhile: ({ what }) =>
    say(409, 'Changed meanwhile', `Somebody else changed ${what}. Try again.`),
  hash_mismatch: ({ expected }) => say(422, 'Other bytes', `The bytes do not hash to ${expected}.`),
  unknown_signer: ({ keyId }) =>
    say(
      403,
      'Signed by a key this workspace does not trust',
      `Key ${keyId} is not registered for this. Register it with PUT /v1/trusted-keys.`,
    ),
  bad_signature: ({ keyId }) =>
    say(422, 'Bad signature', `The signature is not key ${keyId}'s over these bytes.`),
  trusted_key_exists: ({ keyId, purpose }) =>
    say(409, 'Key is registered', `Key ${keyId} is registered as ${purpose}.`),
  file_missing: ({ role, sha256 }) =>
    say(422, 'A file is missing', `Put the ${role} file first: PUT /v1/artifacts/${sha256}.`),
  file_size: ({ role, actualBytes, expectedBytes }) =>
    say(
      422,
      'A file has another size',
      `The ${role} file has ${actualBytes} bytes, the manifest says ${expectedBytes}.`,
    ),
  version_exists: ({ model, version }) =>
    say(
      409,
      'Version exists with other bytes',
      `${model}@${version} is published and never changes. Publish a higher version.`,
    ),
  version_revoked: ({ model, version, why }) =>
    say(409, 'Version is revoked', `The publisher revoked ${model}@${version}: ${why}`),
  rollout_running: ({ model, rolloutId }) =>
    say(
      409,
      'A rollout is running',
      `Rollout ${rolloutId} of ${model} runs. Wait for it or roll it back.`,
    ),
  already_champion: ({ model, version }) =>
    say(409, 'Already champion', `${version} is the champion of ${model}.`),
  no_champion: ({ model }) =>
    say(
      409,
      'No champion to compare with',
      `${model} has no champion: a challenger in the shadow would stand beside nothing.`,
    ),
  no_rollout_running: ({ model }) =>
    say(409, 'No rollout is running', `${model} has no running rollout to promote.`),
  nothing_to_roll_back: ({ model }) =>
    say(
      409,
      'Nothing to roll back to',
      `${model} has no rollout running and no champion before this one.`,
    ),
  stale_serial: ({ serial, latest }) =>
    say(
      409,
      'Serial is not higher',
      `Serial ${serial} is not above ${latest}, the last one taken.`,
    ),
  revocation_dropped: ({ model, version }) =>
    say(
      409,
      'A revocation is missing',
      `${model}@${version} was revoked and must stay on the list.`,
    ),
  run_running: ({ model }) => say(409, 'A run is under way', `${model} is being retrained.`),
  too_many_models: ({ limit }) =>
    say(403, 'Too many models', `A workspace has at most ${limit} models.`),
  unknown_protocol: ({ protocol, known }) =>
    say(
      415,
      'Unknown protocol',
      `Protocol ${JSON.stringify(protocol)} is not known here; this server speaks ${known}.`,
    ),
  digest_missing: () =>
    say(
      400,
      'No digest',
      'Send `Content-Digest: sha-256=:BASE64:` of the compressed bytes (RFC 9530).',
    ),
  digest_mismatch: () =>
    say(
      400,
      'Digest differs',
      'The bytes that arrived are not those that were sent. Send them again.',
    ),
  not_gzip: ({ detail }) => say(400, 'Not gzip', `The batch cannot be decompressed: ${detail}`),
  bad_batch: ({ detail }) => say(400, 'Not a batch', detail),
  batch_conflict: ({ batch }) =>
    say(409, 'Other bytes under a known batch id', `Batch ${batch} was received with other bytes.`),
};

export function describe<R extends Any['reason']>(failure: Extract<Any, { reason: R }>): Described {
  return DESCRIPTIONS[failure.reason as R](failure);
}
