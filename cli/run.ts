import { ExitCode, run } from '@stricli/core';
import { application } from './application.ts';
import type { CliContext } from './context.ts';

export type CliStreams = {
  stdout: { write: (text: string) => void };
  stderr: { write: (text: string) => void };
};

/**
 * Runs one command line.
 * @returns 0 done, 1 failed, 2 wrong usage
 */
export async function runCli(
  commandLine: readonly string[],
  world: Pick<CliContext, 'environment' | 'cwd'> & CliStreams,
): Promise<0 | 1 | 2> {
  const { stdout, stderr, environment, cwd } = world;
  const process: CliContext['process'] & { exitCode?: number | string | null } = { stdout, stderr };
  await run(application, commandLine, { process, environment, cwd });
  return exitCodeOf(Number(process.exitCode ?? ExitCode.InternalError));
}

function exitCodeOf(code: number): 0 | 1 | 2 {
  if (code === ExitCode.Success) return 0;
  return code === ExitCode.InvalidArgument || code === ExitCode.UnknownCommand || code === 2
    ? 2
    : 1;
}
