/** Where in a body something is wrong and what was expected. */
export type FieldError = { path: string; message: string };

/** Every expected way in which a command or query does not do what was asked. */
export type Failure =
  | { reason: 'not_found'; what: string }
  | { reason: 'invalid'; detail: string; errors?: FieldError[] }
  | { reason: 'too_large'; what: string; limitBytes: number }
  | { reason: 'length_required' }
  | { reason: 'hash_mismatch'; expected: string }
  | { reason: 'unknown_signer'; keyId: string }
  | { reason: 'bad_signature'; keyId: string }
  | { reason: 'trusted_key_exists'; keyId: string; purpose: string }
  | { reason: 'file_missing'; role: string; sha256: string }
  | { reason: 'file_size'; role: string; expectedBytes: number; actualBytes: number }
  | { reason: 'version_exists'; model: string; version: string }
  | { reason: 'version_revoked'; model: string; version: string; why: string }
  | { reason: 'rollout_running'; model: string; rolloutId: string }
  | { reason: 'already_champion'; model: string; version: string }
  | { reason: 'no_champion'; model: string }
  | { reason: 'no_rollout_running'; model: string }
  | { reason: 'nothing_to_roll_back'; model: string }
  | { reason: 'stale_serial'; serial: number; latest: number }
  | { reason: 'revocation_dropped'; model: string; version: string }
  | { reason: 'run_running'; model: string }
  | { reason: 'too_many_models'; limit: number }
  | { reason: 'code_refused' }
  | { reason: 'changed_meanwhile'; what: string }
  | BatchFailure;

/** Why a telemetry batch as a whole is refused; a refused event is in the acknowledgement instead. */
export type BatchFailure =
  | { reason: 'unknown_protocol'; protocol: unknown; known: number }
  | { reason: 'digest_missing' }
  | { reason: 'digest_mismatch' }
  | { reason: 'not_gzip'; detail: string }
  | { reason: 'bad_batch'; detail: string; errors?: FieldError[] }
  | { reason: 'batch_conflict'; batch: string };
