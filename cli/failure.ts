import { fail } from '../shared/core/result.ts';

/** Why a command could not do what it was asked to; `message` says what happened and what to do. */
export type CliFailure = {
  reason:
    | 'wrong_usage'
    | 'no_credentials'
    | 'unreachable'
    | 'refused_by_server'
    | 'unexpected_answer'
    | 'file'
    | 'key'
    | 'version_files'
    | 'rows'
    | 'no_traffic'
    | 'no_champion'
    | 'no_model';
  message: string;
  /** One line each: what exactly is wrong where. */
  details?: string[];
  /** HTTP status, when a server refused. */
  status?: number;
};

export const failed = (reason: CliFailure['reason'], message: string, details?: string[]) =>
  fail<CliFailure>(details ? { reason, message, details } : { reason, message });

/** The text of whatever was thrown. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
