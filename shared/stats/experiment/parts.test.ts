import { expect, test } from 'vitest';
import { createRng, type Rng } from '../../core/rng.ts';
import { noveltyOf, type Part, segmentsOf } from './parts.ts';

const options = { effect: 'absolute' as const, alpha: 0.05 };

function partOf(name: string, effect: number, rng: Rng): Part {
  const arm = (rate: number) => {
    let sum = 0;
    for (let i = 0; i < 1500; i++) if (rng() < rate) sum++;
    return { kind: 'proportion' as const, n: 1500, sum };
  };
  return { name, control: arm(0.2), treatment: arm(0.2 + effect) };
}

const daysOf = (effects: readonly number[], rng: Rng): Part[] =>
  effects.map((effect, i) => partOf(`day ${i + 1}`, effect, rng));

test('an effect that users get used to wears off, one that they learn grows, whatever its sign', () => {
  const rng = createRng(1);
  const fading = [0.16, 0.14, 0.11, 0.09, 0.06, 0.04, 0.02, 0];
  expect(noveltyOf(daysOf(fading, rng), options)!.verdict).toBe('wears_off');
  expect(noveltyOf(daysOf(fading.toReversed(), rng), options)!.verdict).toBe('grows');
  const harm = fading.map((effect) => -effect);
  expect(noveltyOf(daysOf(harm, rng), options)!.verdict).toBe('wears_off');
});

test('an effect that stays is steady, nineteen times in twenty', () => {
  const rng = createRng(2);
  const runs = Array.from(
    { length: 60 },
    () => noveltyOf(daysOf(Array(6).fill(0.05), rng), options)!,
  );
  // 5 % of 60 are 3; three standard errors above are 8.
  expect(runs.filter(({ verdict }) => verdict !== 'steady').length).toBeLessThanOrEqual(8);
});

test('the segment in which the effect is another is named; parts that cannot be told are left out', () => {
  const rng = createRng(3);
  const parts = [
    partOf('ios', 0.02, rng),
    partOf('android', 0.02, rng),
    partOf('web', 0.15, rng),
    { ...partOf('none', 0, rng), control: { kind: 'proportion' as const, n: 0, sum: 0 } },
  ];
  const found = segmentsOf(parts, options)!;
  expect(found.effects.map(({ segment }) => segment)).toEqual(['ios', 'android', 'web']);
  expect(found.pValue).toBeLessThan(0.001);
  const web = found.segments.find(({ segment }) => segment === 'web')!;
  expect(web.adjustedPValue).toBeLessThan(0.001);
  expect(web.difference).toBeGreaterThan(0.08);
  expect(segmentsOf(parts.slice(3), options)).toBeNull();
  expect(noveltyOf(parts.slice(0, 2), options)).toBeNull();
});
