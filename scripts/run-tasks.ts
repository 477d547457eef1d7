import { spawn } from 'node:child_process';

export type Task = {
  name: string;
  command: string;
  args: string[];
  environment?: Record<string, string>;
};

export type TaskResult = { task: Task; exitCode: number; output: string; durationMs: number };

/**
 * Runs child processes, at most `concurrency` at a time, in the order given.
 * A process that a signal ended counts as exit code 1.
 * @returns one result a task, in the order of `tasks`
 */
export async function runTasks(
  tasks: readonly Task[],
  options: { concurrency: number; cwd: string; onDone: (result: TaskResult) => void },
): Promise<TaskResult[]> {
  const results: TaskResult[] = new Array(tasks.length);
  let next = 0;
  const takeNext = async (): Promise<void> => {
    while (next < tasks.length) {
      const index = next++;
      results[index] = await runTask(tasks[index], options.cwd);
      options.onDone(results[index]);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, takeNext));
  return results;
}

function runTask(task: Task, cwd: string): Promise<TaskResult> {
  const startedMs = performance.now();
  const child = spawn(task.command, task.args, {
    cwd,
    env: { ...process.env, ...task.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    const finish = (exitCode: number, extra = '') =>
      resolve({
        task,
        exitCode,
        output: Buffer.concat(chunks).toString('utf8') + extra,
        durationMs: performance.now() - startedMs,
      });
    child.on('error', (error) => finish(1, `${task.command} did not start: ${error.message}\n`));
    child.on('close', (code) => finish(code ?? 1));
  });
}
