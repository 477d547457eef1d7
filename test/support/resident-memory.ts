import { readdirSync, readFileSync } from 'node:fs';

const MEGABYTE = 1024 * 1024;

/** Megabytes resident in every workerd process under `rootPid`, from /proc. */
export function workerdMegabytes(rootPid: number): number {
  const processes = readdirSync('/proc').flatMap((name) => statusOf(Number(name)) ?? []);
  const parents = new Map(processes.map(({ pid, parent }) => [pid, parent]));
  const isUnderRoot = (pid: number): boolean => {
    for (let at: number | undefined = pid; at; at = parents.get(at))
      if (at === rootPid) return true;
    return false;
  };
  const bytes = processes
    .filter(({ pid, name }) => name === 'workerd' && isUnderRoot(pid))
    .reduce((sum, { residentBytes }) => sum + residentBytes, 0);
  return bytes / MEGABYTE;
}

/** Asks again and again until stopped. @returns the most there was */
export function watchPeak(rootPid: number, everyMs = 50): { stop: () => number } {
  let peak = workerdMegabytes(rootPid);
  const timer = setInterval(() => {
    peak = Math.max(peak, workerdMegabytes(rootPid));
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
}

function statusOf(pid: number) {
  if (!Number.isInteger(pid)) return null;
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return null; // It ended between the listing and this look.
  }
  const field = (name: string) => text.match(new RegExp(`^${name}:\\s+(\\S+)`, 'm'))?.[1] ?? '0';
  return {
    pid,
    name: field('Name'),
    parent: Number(field('PPid')),
    residentBytes: Number(field('VmRSS')) * 1024,
  };
}
