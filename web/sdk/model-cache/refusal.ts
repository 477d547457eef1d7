import type { FallbackReason } from '../../../shared/contracts/telemetry.ts';
import type { VerifyError } from '../../../shared/contracts/verify.ts';
import { unreachable } from '../../../shared/core/assert.ts';

/** Why a version is not served. */
export type Refusal =
  | VerifyError
  | { reason: 'not_a_manifest'; detail: string }
  | { reason: 'not_a_revocation_list'; detail: string }
  | { reason: 'other_model'; expected: string; found: string }
  | { reason: 'other_version'; expected: string; found: string }
  | { reason: 'other_task'; expected: string; found: string }
  | { reason: 'other_inputs'; inputs: string[] }
  | { reason: 'other_bytes'; version: string; known: string; found: string }
  | { reason: 'revoked'; version: string; serial: number; why: string }
  | { reason: 'missing_file'; role: string }
  | { reason: 'chunk_list'; sha256: string; sizeBytes: number; chunks: number }
  | { reason: 'chunk_mismatch'; sha256: string; index: number }
  | { reason: 'size_mismatch'; sha256: string; expectedBytes: number; receivedBytes: number }
  | { reason: 'file_mismatch'; sha256: string; found: string }
  | { reason: 'not_found'; sha256: string; status: number }
  | { reason: 'unreachable'; detail: string }
  | { reason: 'not_probe_rows'; detail: string }
  | { reason: 'probe_mismatch'; row: number; expected: number; found: number; tolerance: number }
  | { reason: 'runtime'; detail: string };

/** How a refusal reads in an incident and in the status. */
export function describeRefusal(refusal: Refusal): string {
  const { reason, ...numbers } = refusal;
  const found = Object.entries(numbers).map(([name, value]) => `${name} ${String(value)}`);
  return [reason, ...found].join(', ');
}

/** What an event says of a prediction that this refusal left without a model. */
export function fallbackReasonOf({ reason }: Refusal): FallbackReason {
  switch (reason) {
    case 'unreachable':
      return 'model_loading';
    case 'runtime':
      return 'runtime';
    default:
      return 'integrity';
  }
}

/** Whether the same manifest may do better at another try. */
export function isWorthRetrying({ reason }: Refusal): boolean {
  switch (reason) {
    case 'malformed':
    case 'unknown_key':
    case 'bad_signature':
    case 'not_a_manifest':
    case 'not_a_revocation_list':
    case 'other_model':
    case 'other_version':
    case 'other_task':
    case 'other_inputs':
    case 'other_bytes':
    case 'revoked':
    case 'missing_file':
    case 'chunk_list':
    case 'not_probe_rows':
      return false;
    case 'chunk_mismatch':
    case 'size_mismatch':
    case 'file_mismatch':
    case 'not_found':
    case 'unreachable':
    case 'probe_mismatch':
    case 'runtime':
      return true;
    default:
      return unreachable(reason);
  }
}
