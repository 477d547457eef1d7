import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../run.ts';

/** A folder in which command lines run as in a shell. */
export type TestFolder = {
  path: string;
  write(name: string, text: string | Uint8Array): void;
  read(name: string): string;
  readBytes(name: string): Uint8Array<ArrayBuffer>;
  /** `report`: the JSON on standard output; null where there is none. */
  edgewise(
    ...commandLine: string[]
  ): Promise<{ exitCode: 0 | 1 | 2; stdout: string; stderr: string; report: Report }>;
  remove(): void;
};

// Each test knows what its command prints.
type Report = ReturnType<typeof JSON.parse>;

export function createTestFolder(): TestFolder {
  const path = mkdtempSync(join(tmpdir(), 'edgewise-'));
  return {
    path,
    write: (name, text) => writeFileSync(join(path, name), text),
    read: (name) => readFileSync(join(path, name), 'utf8'),
    readBytes: (name) => new Uint8Array(readFileSync(join(path, name))),
    async edgewise(...commandLine) {
      let stdout = '';
      let stderr = '';
      const exitCode = await runCli(commandLine, {
        environment: {},
        cwd: path,
        stdout: { write: (text) => (stdout += text) },
        stderr: { write: (text) => (stderr += text) },
      });
      const report = stdout.startsWith('{') ? JSON.parse(stdout) : null;
      return { exitCode, stdout, stderr, report };
    },
    remove: () => rmSync(path, { recursive: true }),
  };
}
