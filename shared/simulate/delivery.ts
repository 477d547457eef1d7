import { normal, type Rng } from '../core/rng.ts';
import { between, blend, drawFrom, integerBetween, orMissing, rounded } from './draw.ts';
import type { Drift, SimulatedRow } from './simulate-rows.ts';

/*
 * The coefficients below. Those marked (file) follow the shape of the public food-delivery file,
 * itself synthetic by its author: least squares on it gives 2.99 minutes a kilometre, 0.97 a minute
 * of preparation, -0.62 a year of experience, Low to High traffic 12.1, Clear to Snowy weather 9.6,
 * residuals of about 7 minutes with a tail of 1 % near 50. The rest is ours: how demand follows the
 * hour, traffic the hour and the weather, and the vehicle the distance.
 */
const BASE_MINUTES = 13;
const MINUTES_PER_KM = 3; // (file)
const MINUTES_PER_PREPARATION_MINUTE = 0.97; // (file)
const MINUTES_PER_YEAR_OF_EXPERIENCE = -0.6; // (file)
const TRAFFIC_MINUTES = { Low: 0, Medium: 6, High: 12 }; // (file)
const WEATHER_MINUTES = { Clear: 0, Windy: 2, Rainy: 5, Foggy: 8, Snowy: 9.5 }; // (file)
const VEHICLE_MINUTES = { Bike: 0.5, Scooter: 0, Car: 1 }; // (file)
const NOISE_MINUTES = 6; // (file)
const INCIDENT_PROBABILITY = 0.015; // (file)
const INCIDENT_MINUTES = [25, 60] as const; // (file)
const MISSING_PROBABILITY = 0.03; // (file)

type Weather = keyof typeof WEATHER_MINUTES;
type TimeOfDay = 'Morning' | 'Afternoon' | 'Evening' | 'Night';

/** Orders by hour: lunch and dinner peaks. */
const DEMAND_BY_HOUR = [
  ...[1, 1, 0, 0, 0, 0, 1, 3, 4, 4, 5, 9, 12, 11, 6, 5, 6, 9, 13, 14, 11, 7, 4, 2],
];
const WEATHER: Record<Weather, number> = { Clear: 47, Rainy: 20, Foggy: 10, Windy: 10, Snowy: 10 }; // (file)
const STORMY: Record<Weather, number> = { Clear: 10, Rainy: 35, Foggy: 10, Windy: 15, Snowy: 30 };
const RUSH = { Low: 20, Medium: 45, High: 35 };
const QUIET = { Low: 50, Medium: 38, High: 12 };

/** One order, and the minutes it took. */
export function simulateDelivery(rng: Rng, drift: Drift): Omit<SimulatedRow, 'order'> {
  const hour = drawHour(rng);
  const weather = drawFrom(rng, blend(WEATHER, STORMY, drift.inputs));
  const traffic = drawFrom(rng, trafficWeights(hour, weather, drift));
  const km = rounded(between(rng, 0.5, 20) * (1 + 0.5 * drift.inputs), 2);
  const vehicle = drawFrom(
    rng,
    km > 10 ? { Bike: 40, Scooter: 35, Car: 25 } : { Bike: 60, Scooter: 25, Car: 15 },
  );
  const preparation = integerBetween(rng, 5, 29);
  const years = integerBetween(rng, 0, 9);
  const slowdown = 1 + 0.6 * drift.concept;
  const minutes =
    BASE_MINUTES +
    MINUTES_PER_KM * slowdown * km +
    MINUTES_PER_PREPARATION_MINUTE * preparation +
    MINUTES_PER_YEAR_OF_EXPERIENCE * years +
    TRAFFIC_MINUTES[traffic] * slowdown +
    WEATHER_MINUTES[weather] +
    VEHICLE_MINUTES[vehicle] +
    NOISE_MINUTES * normal(rng) +
    (rng() < INCIDENT_PROBABILITY ? between(rng, ...INCIDENT_MINUTES) : 0);
  const row = {
    Distance_km: km,
    Weather: orMissing(rng, weather, MISSING_PROBABILITY),
    Traffic_Level: orMissing(rng, traffic, MISSING_PROBABILITY),
    Time_of_Day: orMissing(rng, timeOfDay(hour), MISSING_PROBABILITY),
    Vehicle_Type: vehicle,
    Preparation_Time_min: preparation,
    Courier_Experience_yrs: orMissing(rng, years, MISSING_PROBABILITY),
  };
  return { row, value: Math.max(5, Math.round(minutes)) };
}

const drawHour = (rng: Rng): number =>
  Number(drawFrom(rng, Object.fromEntries(DEMAND_BY_HOUR.map((weight, hour) => [hour, weight]))));

function timeOfDay(hour: number): TimeOfDay {
  if (hour < 5 || hour >= 22) return 'Night';
  if (hour < 12) return 'Morning';
  return hour < 17 ? 'Afternoon' : 'Evening';
}

/** Rush hours and bad weather fill the streets. */
function trafficWeights(hour: number, weather: Weather, drift: Drift) {
  const isRush = (hour >= 7 && hour < 10) || (hour >= 16 && hour < 20);
  const isBad = weather === 'Snowy' || weather === 'Rainy';
  const strength = Math.min(1, (isRush ? 0.8 : 0) + (isBad ? 0.3 : 0) + 0.5 * drift.inputs);
  return blend(QUIET, RUSH, strength);
}
