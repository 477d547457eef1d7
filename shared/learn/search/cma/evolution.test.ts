import { expect, test } from 'vitest';
import { createRng } from '../../../core/rng.ts';
import { advance, createEvolution, samplePoint } from './evolution.ts';

const loss = ([x, y]: readonly number[]): number => (x - 0.3) ** 2 + 2 * (y - 0.6) ** 2 + x * y;

test('mean and covariance move as in pycma 4.5.0 on its own samples', () => {
  const evolution = createEvolution(Float64Array.of(0.5, 0.5), { populationSize: 6 });
  for (const { points, mean } of PYCMA) {
    advance(
      evolution,
      points.map((point) => ({ point: Float64Array.from(point), loss: loss(point) })),
    );
    mean.forEach((value, i) => {
      expect(evolution.mean[i]).toBeCloseTo(value, 12);
    });
    if (evolution.generation > 1) continue;
    // pycma bounds the negative weights a little otherwise.
    PYCMA_COVARIANCE.flat().forEach((value, i) => {
      expect(evolution.covariance.flat()[i]).toBeCloseTo(value, 4);
    });
  }
});

test('on an ellipsoid the distribution takes the shape of the level sets', () => {
  const rng = createRng(2);
  const evolution = createEvolution(Float64Array.of(3, -2, 1), {
    startDeviation: 1,
    populationSize: 8,
  });
  for (let generation = 0; generation < 60; generation++) {
    const points = Array.from({ length: 8 }, () => samplePoint(evolution, rng));
    advance(
      evolution,
      points.map((point) => ({
        point,
        loss: point[0] ** 2 + 100 * point[1] ** 2 + 100 * point[2] ** 2,
      })),
    );
  }
  expect(Math.hypot(...evolution.mean)).toBeLessThan(1e-3);
  const { covariance } = evolution;
  expect(covariance[0][0] / covariance[1][1]).toBeGreaterThan(20);
});

const PYCMA = [
  {
    points: [
      [0.7981047455717197, 0.5727534605657771],
      [0.5160829113453348, 0.18941011812259645],
      [0.45376863291426683, 0.44087202527427805],
      [0.4862097530862567, 0.3954972746605488],
      [0.4926969718373453, 0.4204616731734344],
      [0.28102254110621966, 0.6474407493892573],
    ],
    mean: [0.3467735007893928, 0.5708651866556563],
  },
  {
    points: [
      [0.013589302897713984, 0.6232228922217177],
      [0.4068514506817039, 0.5268685676668567],
      [0.6298726074346543, 0.49272720837291906],
      [0.4487585068133956, 0.34776177532297015],
      [0.46524403572314743, 0.6964057501515959],
      [0.20153700883304285, 0.4114434184196481],
    ],
    mean: [0.09790033731292808, 0.5554038098953945],
  },
  {
    points: [
      [0.3523431375527052, 0.704261581005704],
      [0.1268102757926502, 0.4313147743000537],
      [0.19453015665952944, 0.6841953813211437],
      [-0.5379305954445786, 0.5282024123507876],
      [0.33287407222786164, 0.7496617415112554],
      [0.87267064370312, 0.5687560566420334],
    ],
    mean: [0.1637602227978555, 0.5246726018398189],
  },
  {
    points: [
      [0.44685828116219817, 0.5828116355623598],
      [0.13015923503663995, 0.3403653654432709],
      [0.10936362946380838, 0.8284592660368908],
      [0.5771528324058268, 0.43594809745512864],
      [0.3302022015507637, 0.5682156800676778],
      [0.2063215407362276, 0.6619644082879808],
    ],
    mean: [0.23560414457075687, 0.6100770692957834],
  },
];
const PYCMA_COVARIANCE = [
  [1.0846146457953558, -0.2114770588264934],
  [-0.2114770588264934, 0.8546924429019255],
];
