import type { CommandContext } from '@stricli/core';

/** What a command sees of the world outside: nothing else is read from `process`. */
export type CliContext = CommandContext & {
  environment: Readonly<Partial<Record<string, string>>>;
  /** Relative paths on the command line start here. */
  cwd: string;
};
