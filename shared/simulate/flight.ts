import { normal, type Rng } from '../core/rng.ts';
import { blend, drawFrom, exponential, integerBetween, orMissing, rounded } from './draw.ts';
import type { Drift, SimulatedRow } from './simulate-rows.ts';

/*
 * The coefficients below. Those marked (file) follow the shape of the public sample of New York
 * flights of 2013: departure delays of median -2 and 90th percentile 50 minutes that grow through
 * the day and in summer, and flights that make up a median of 7 minutes, with a spread of about 12
 * and a long tail of late arrivals, less in bad weather, more on long flights. Destinations, their
 * distances (miles, rounded) and carriers' punctuality are a plausible few, not the file's.
 */
const DESTINATIONS: Record<string, number> = {
  ...{ ATL: 750, BOS: 190, CLT: 540, DCA: 210, DEN: 1610, DFW: 1380, DTW: 490, FLL: 1070 },
  ...{ IAH: 1410, LAX: 2460, MCO: 940, MIA: 1090, ORD: 730, SEA: 2410, SFO: 2570, SJU: 1600 },
};
const DESTINATION_WEIGHTS = Object.fromEntries(
  Object.keys(DESTINATIONS).map((code) => [code, code === 'SEA' ? 4 : 10]),
);
/** Minutes added to a flight's arrival. */
const CARRIERS: Record<string, number> = {
  UA: -2,
  B6: 1,
  EV: 2,
  DL: -2,
  AA: -1,
  MQ: 4,
  US: 2,
  WN: 0,
};
const CARRIER_WEIGHTS = { UA: 18, B6: 16, EV: 16, DL: 15, AA: 10, MQ: 8, US: 6, WN: 4 }; // (file)
const ORIGIN_WEIGHTS = { EWR: 36, JFK: 33, LGA: 31 }; // (file)
const ORIGIN_MINUTES: Record<string, number> = { EWR: 1, JFK: 0, LGA: 1.5 };
const SKY: Record<Sky, number> = { fair: 80, rain: 12, storm: 3, fog: 5 };
const WINTER: Record<Sky, number> = { fair: 50, rain: 25, storm: 15, fog: 10 };
/** Minutes that the sky adds on the way. */
const SKY_MINUTES: Record<Sky, number> = { fair: 0, rain: 5, storm: 14, fog: 7 };
const MADE_UP_MINUTES = 8; // (file)
const MADE_UP_PER_1000_MILES = 3; // (file)
const NOISE_MINUTES = 11; // (file)
const HELD_PROBABILITY = 0.08; // (file)
const HELD_MINUTES = 28; // (file)

type Sky = 'fair' | 'rain' | 'storm' | 'fog';

/** One flight and the minutes it arrived late; `progress` runs through the months of a year. */
export function simulateFlight(
  rng: Rng,
  drift: Drift,
  progress: number,
): Omit<SimulatedRow, 'order'> {
  const month = Math.min(12, Math.floor(progress * 12) + 1);
  const hour = integerBetween(rng, 5, 23);
  const sky = drawFrom(rng, blend(SKY, WINTER, drift.inputs));
  const carrier = drawFrom(rng, CARRIER_WEIGHTS);
  const origin = drawFrom(rng, ORIGIN_WEIGHTS);
  const dest = drawFrom(rng, DESTINATION_WEIGHTS);
  const distance = DESTINATIONS[dest];
  const departureDelay = drawDepartureDelay(rng, { month, hour, sky, drift });
  const arrivalDelay =
    departureDelay -
    (MADE_UP_MINUTES + (MADE_UP_PER_1000_MILES * (distance - 1000)) / 1000) * (1 - drift.concept) +
    CARRIERS[carrier] +
    ORIGIN_MINUTES[origin] +
    SKY_MINUTES[sky] * (1 + drift.concept) +
    NOISE_MINUTES * normal(rng) +
    (rng() < HELD_PROBABILITY ? exponential(rng, HELD_MINUTES) : 0);
  const weekday = integerBetween(rng, 1, 7);
  const flight = {
    dep_delay: departureDelay,
    carrier,
    origin,
    dest,
    distance,
    hour,
    month,
    weekday,
  };
  return { row: { ...flight, ...drawWeather(rng, sky, month) }, value: Math.round(arrivalDelay) };
}

/** Most leave a little early; the rest late by an exponential time that grows through the day. */
function drawDepartureDelay(
  rng: Rng,
  { month, hour, sky, drift }: { month: number; hour: number; sky: Sky; drift: Drift },
): number {
  const summer = month === 6 || month === 7 || month === 12 ? 0.08 : 0;
  const lateShare = 0.16 + 0.014 * (hour - 5) + summer + (sky === 'fair' ? 0 : 0.15);
  const isLate = rng() < Math.min(0.9, lateShare + 0.2 * drift.inputs);
  return Math.round(isLate ? exponential(rng, 25 + 2 * (hour - 5)) : -4 + 3 * normal(rng));
}

/** Readings that fit the sky; as in the file, gusts are rarely and pressure sometimes not reported. */
function drawWeather(rng: Rng, sky: Sky, month: number) {
  const season = Math.cos(((month - 7) / 12) * 2 * Math.PI);
  const isWet = sky === 'rain' || sky === 'storm';
  const wind = Math.max(0, (sky === 'storm' ? 24 : 10) + 4 * normal(rng));
  const visibility = { fair: 10, rain: 6, storm: 3, fog: 1 }[sky];
  return {
    temp: rounded(55 + 22 * season + 7 * normal(rng), 1),
    humid: rounded(Math.min(100, Math.max(15, (sky === 'fair' ? 58 : 88) + 10 * normal(rng))), 1),
    wind_speed: rounded(wind, 1),
    wind_gust: orMissing(rng, rounded(wind * 1.5, 1), sky === 'storm' ? 0.1 : 0.8),
    precip: isWet ? rounded(exponential(rng, sky === 'storm' ? 0.3 : 0.06), 2) : 0,
    pressure: orMissing(rng, rounded((sky === 'fair' ? 1019 : 1008) + 5 * normal(rng), 1), 0.1),
    visib: rounded(Math.min(10, Math.max(0.1, visibility + normal(rng))), 1),
  };
}
