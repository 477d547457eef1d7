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
  const { environment, cwd } = world;
  const stdout = listening(world.stdout);
  const stderr = listening(world.stderr);
  const process: CliContext['process'] & { exitCode?: number | string | null } = { stdout, stderr };
  await run(application, commandLine, { process, environment, cwd });
  const exitCode = exitCodeOf(Number(process.exitCode ?? ExitCode.InternalError));
  if (exitCode !== 0 && commandLine.includes('--json') && stdout.last() === '') {
    const reason = exitCode === 2 ? 'wrong_usage' : 'bug';
    const message = stderr.last().trim().split('\n')[0];
    stdout.write(`${JSON.stringify({ error: { reason, message } })}\n`);
  }
  return exitCode;
}

/** A stream that knows the last text that was written to it: what a command line was refused with. */
function listening(stream: CliStreams['stdout']) {
  let last = '';
  return {
    isTTY: 'isTTY' in stream && stream.isTTY === true,
    write: (text: string) => {
      last = text.trim() === '' ? last : text;
      stream.write(text);
    },
    last: () => last,
  };
}

function exitCodeOf(code: number): 0 | 1 | 2 {
  if (code === ExitCode.Success) return 0;
  return code === ExitCode.InvalidArgument || code === ExitCode.UnknownCommand || code === 2
    ? 2
    : 1;
}
