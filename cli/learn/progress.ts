import type { CliContext } from '../context.ts';

/** What a person sees of long work, on standard error. */
export type Progress = {
  /** @param share done, in [0, 1]; null: nobody knows @param words best so far */
  show(share: number | null, words: string): void;
  end(): void;
};

const BAR_CELLS = 24;
const QUIET_MS = 1000;
const LINE_EVERY_MS = 5000;

function barOf(share: number | null): string {
  if (share === null) return '';
  const filled = Math.round(Math.min(1, share) * BAR_CELLS);
  return `[${'#'.repeat(filled).padEnd(BAR_CELLS, '.')}] `;
}

/**
 * A bar that is drawn over itself on a terminal, a line now and then elsewhere; nothing at all in the
 * first second.
 */
export function startProgress(context: CliContext): Progress {
  const { stderr } = context.process;
  const isTerminal = 'isTTY' in stderr && stderr.isTTY === true;
  const startedMs = Date.now();
  let shownMs = startedMs;
  let isShown = false;
  return {
    show(share, words) {
      const nowMs = Date.now();
      const waitMs = isShown ? (isTerminal ? 100 : LINE_EVERY_MS) : QUIET_MS;
      if (nowMs - shownMs < waitMs) return;
      shownMs = nowMs;
      isShown = true;
      const line = `${barOf(share)}${((nowMs - startedMs) / 1000).toFixed(0)} s  ${words}`;
      stderr.write(isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
    },
    end() {
      if (isShown && isTerminal) stderr.write('\r\u001b[K');
    },
  };
}
