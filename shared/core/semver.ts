const SEMVER =
  /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;

/** Versions are keys of caches and tables: none is longer than this. */
const LONGEST = 64;

/** Is this a version as semver.org 2.0.0 writes it, without build metadata, in at most 64 characters? */
export const isSemver = (text: string): boolean => text.length <= LONGEST && SEMVER.test(text);

/** Precedence by semver.org 2.0.0, section 11: negative when `a` comes before `b`. */
export function compareSemver(a: string, b: string): number {
  const left = SEMVER.exec(a);
  const right = SEMVER.exec(b);
  if (!left || !right) throw new Error(`Broken invariant: not semver: ${left ? b : a}`);
  for (let i = 1; i <= 3; i++) {
    const difference = Number(left[i]) - Number(right[i]);
    if (difference) return difference;
  }
  return comparePrerelease(left[4], right[4]);
}

/** The next minor version: what an unattended retraining calls its challenger. */
export function nextMinor(version: string): string {
  const [, major, minor] = SEMVER.exec(version)!;
  return `${major}.${Number(minor) + 1}.0`;
}

function comparePrerelease(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] === right[i]) continue;
    const isNumber = [/^\d+$/.test(left[i]), /^\d+$/.test(right[i])];
    if (isNumber[0] && isNumber[1]) return Number(left[i]) - Number(right[i]);
    if (isNumber[0] !== isNumber[1]) return isNumber[0] ? -1 : 1;
    return left[i] < right[i] ? -1 : 1;
  }
  return left.length - right.length;
}
