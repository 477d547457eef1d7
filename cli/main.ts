import { codeOf, describeBug, whyNot } from './failure.ts';
import { runCli } from './run.ts';

// A reader that has seen enough (`| head`) closes the pipe: that is no failure, and the work goes on.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => {
    if (codeOf(error) === 'EPIPE') return;
    process.exitCode = 1;
    if (stream === process.stdout)
      process.stderr.write(`Standard output cannot be written: ${whyNot(error)}.\n`);
  });

// What is thrown where no command waits for it: in a thread, or later.
process.on('uncaughtException', (error) => {
  const { message, stack } = describeBug(error, process.env);
  process.stderr.write(`${[message, ...stack].join('\n')}\n`);
  process.exit(1);
});

const exitCode = await runCli(process.argv.slice(2), {
  environment: process.env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
});
process.exitCode ||= exitCode;
