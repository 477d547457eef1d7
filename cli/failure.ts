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
    | 'no_model'
    | 'bug';
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

/** Node's and the system's codes of what goes wrong with a path, as people say it. */
const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a folder on its path is a file',
  EEXIST: 'something else is there',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
  EDQUOT: 'the quota of its disk is used up',
  EIO: 'its disk fails',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links go round in a circle',
  ESPIPE: 'it is a pipe, which can be read only once: make a file of it first',
  EPIPE: 'its reader is gone',
  EMFILE: 'too many files are open',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text; save it as such',
};

/** The code of an error of Node or the system; null where it has none. */
export const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** What went wrong with a file or folder, to follow a colon. */
export const whyNot = (error: unknown): string =>
  FILE_PROBLEMS[codeOf(error) ?? ''] ?? messageOf(error);

/** A file that was to be read. @param name what the command line calls it */
export const unreadable = (name: string, error: unknown) =>
  failed(
    'file',
    codeOf(error) === 'ENOENT'
      ? `There is no file ${name}.`
      : `${name} cannot be read: ${whyNot(error)}.`,
  );

/** A bug in a sentence; its place is for those who mend it, and ask. */
export function describeBug(
  error: unknown,
  environment: Readonly<Partial<Record<string, string>>>,
): { message: string; stack: string[] } {
  const said = `This is a bug of edgewise: ${messageOf(error)}.`;
  if (!environment['EDGEWISE_DEBUG'])
    return { message: `${said} EDGEWISE_DEBUG=1 shows where.`, stack: [] };
  const stack = error instanceof Error ? (error.stack ?? '').split('\n').slice(1) : [];
  return { message: said, stack };
}
