import { spawn } from 'node:child_process';
import { ROOT, type Server } from './server.ts';

export type CliResult = { exitCode: number; stdout: string; stderr: string };

/** Runs the CLI as a person would, against one server. */
export function edgewise(server: Pick<Server, 'stateDir'>, args: string[]): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['cli/main.ts', ...args], {
      cwd: ROOT,
      env: { ...process.env, EDGEWISE_STATE_DIR: server.stateDir },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ exitCode: code ?? -1, stdout, stderr }));
  });
}

/** The JSON a command printed; a command that failed throws with what it said. */
export async function edgewiseJson<T>(
  server: Pick<Server, 'stateDir'>,
  args: string[],
): Promise<T> {
  const result = await edgewise(server, [...args, '--json']);
  if (result.exitCode !== 0)
    throw new Error(`edgewise ${args.join(' ')} ended with ${result.exitCode}:\n${result.stderr}`);
  return JSON.parse(result.stdout) as T;
}
