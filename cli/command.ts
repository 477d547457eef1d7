import type { Result } from '../shared/core/result.ts';
import type { CliContext } from './context.ts';
import { type CliFailure, codeOf, describeBug, failed, whyNot } from './failure.ts';

/** What a command did: `json` for machines, `sentences` for people. */
export type Report = {
  json: unknown;
  sentences: string[];
  /** The work was done in part, and the report says what was not: exit code 1. */
  isPartial?: boolean;
};

export type Tell = (sentence: string) => void;

/** A failure whose text was already printed; it only carries the exit code. */
export class CommandFailed extends Error {
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

type Work<Flags, Arguments extends readonly (string | undefined)[]> = (
  call: { context: CliContext; flags: Flags; tell: Tell },
  ...positional: Arguments
) => Promise<Result<Report, CliFailure>>;

/**
 * Makes a stricli command of a function that returns what it did. With `--json`, standard output
 * holds JSON alone (a failure is `{"error":{...}}`); sentences and progress go to standard error.
 */
export function reporting<
  Flags extends { json: boolean },
  Arguments extends readonly (string | undefined)[],
>(work: Work<Flags, Arguments>) {
  return async function run(
    this: CliContext,
    flags: Flags,
    ...positional: Arguments
  ): Promise<undefined | Error> {
    const tell: Tell = (sentence) => this.process.stderr.write(`${harmless(sentence)}\n`);
    const result = await work({ context: this, flags, tell }, ...positional).catch(
      (error: unknown) => notForeseen(error, this),
    );
    return result.ok
      ? show(this, flags.json, result.value)
      : refuse(this, flags.json, result.error);
  };
}

/** What no command has words for: a file that cannot be used, or a bug. */
function notForeseen(error: unknown, { environment }: CliContext): Result<never, CliFailure> {
  if (error instanceof Error && codeOf(error) !== null && 'path' in error)
    return failed('file', `${error.path} cannot be used: ${whyNot(error)}.`);
  const { message, stack } = describeBug(error, environment);
  return failed('bug', message, stack.length > 0 ? stack : undefined);
}

/** Longer than any sentence of ours: what is cut off is of a file. */
const LONGEST_LINE = 2000;

/** What files hold must not steer a terminal: control characters as JSON writes them. */
const harmless = (sentence: string): string =>
  sentence
    .split('\n')
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}...` : line))
    .join('\n')
    .replace(
      /(?![\n\t])\p{Cc}/gu,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );

function show(context: CliContext, asJson: boolean, report: Report): undefined | Error {
  const { stdout, stderr } = context.process;
  const people = asJson ? stderr : stdout;
  for (const sentence of report.sentences) people.write(`${harmless(sentence)}\n`);
  if (asJson) stdout.write(`${JSON.stringify(report.json)}\n`);
  return report.isPartial ? new CommandFailed('Not everything was done.', 1) : undefined;
}

function refuse(context: CliContext, asJson: boolean, failure: CliFailure): Error {
  if (asJson) context.process.stdout.write(`${JSON.stringify({ error: failure })}\n`);
  const lines = [failure.message, ...(failure.details ?? []).map((detail) => `  ${detail}`)];
  return new CommandFailed(
    lines.map(harmless).join('\n'),
    failure.reason === 'wrong_usage' ? 2 : 1,
  );
}
