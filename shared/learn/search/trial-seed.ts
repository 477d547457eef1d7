/** A seed of its own for each trial of a study, by two rounds of MurmurHash3's finaliser. */
export const trialSeed = (seed: number, number: number): number =>
  mix(mix(seed >>> 0) ^ mix((number + 0x9e3779b9) >>> 0));

function mix(value: number): number {
  let z = value >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}
