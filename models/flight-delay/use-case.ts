import { HOUR_MS } from '../../shared/core/time.ts';
import { defineUseCase } from '../../shared/use-case/define-use-case.ts';
import { MADE_UP_MINUTES } from './made-up-minutes.ts';
import { CARRIERS, DESTINATIONS, ORIGINS } from './places.ts';

/** How late a flight from New York arrives, from what is known when it leaves the gate. */
export const flightDelay = defineUseCase({
  id: 'flight-delay',
  title: 'Flight arrival delay',
  description:
    'Minutes a flight from New York arrives late (negative: early), from its departure and the weather of that hour at its airport.',
  task: { type: 'regression', unit: 'min' },
  inputs: [
    {
      name: 'dep_delay',
      label: 'Departure delay',
      type: 'number',
      unit: 'min',
      range: [-60, 1440],
      step: 1,
      missing: 'reject',
      help: 'Negative when it left early.',
    },
    {
      name: 'carrier',
      label: 'Airline',
      type: 'category',
      categories: CARRIERS,
      missing: 'impute',
    },
    { name: 'origin', label: 'From', type: 'category', categories: ORIGINS, missing: 'impute' },
    { name: 'dest', label: 'To', type: 'category', categories: DESTINATIONS, missing: 'impute' },
    {
      name: 'distance',
      label: 'Distance',
      type: 'number',
      unit: 'mi',
      range: [50, 5500],
      step: 1,
      missing: 'impute',
    },
    {
      name: 'hour',
      label: 'Hour of departure',
      type: 'number',
      range: [0, 24],
      step: 1,
      missing: 'impute',
    },
    { name: 'month', label: 'Month', type: 'number', range: [1, 12], step: 1, missing: 'impute' },
    {
      name: 'weekday',
      label: 'Day of the week',
      type: 'number',
      range: [1, 7],
      step: 1,
      missing: 'impute',
      help: '1 is Monday, 7 is Sunday.',
    },
    weather({ name: 'temp', label: 'Temperature', unit: '°F', range: [-40, 120], step: 0.1 }),
    weather({ name: 'humid', label: 'Humidity', unit: '%', range: [0, 100], step: 0.1 }),
    weather({ name: 'wind_speed', label: 'Wind', unit: 'mph', range: [0, 120], step: 0.1 }),
    weather({ name: 'wind_gust', label: 'Gusts', unit: 'mph', range: [0, 150], step: 0.1 }),
    weather({ name: 'precip', label: 'Rain in the hour', unit: 'in', range: [0, 5], step: 0.01 }),
    weather({ name: 'pressure', label: 'Pressure', unit: 'hPa', range: [900, 1100], step: 0.1 }),
    weather({ name: 'visib', label: 'Visibility', unit: 'mi', range: [0, 10], step: 0.1 }),
  ],
  target: { name: 'arr_delay', label: 'Arrival delay', range: [-120, 1500] },
  splitBy: { type: 'time', column: 'departed_at' },
  search: { algorithms: ['huber', 'hist-gradient-boosting'], trials: 2 },
  monitors: {
    drift: { minSamples: 300, minPsi: 0.2, windowMs: 6 * HOUR_MS },
    mae: { max: 25, minSamples: 100 },
  },
  retraining: { cron: '0 4 * * 1', minNewLabels: 1000 },
  businessMetrics: [{ name: 'rebooked', label: 'Connections rebooked' }],
  /** Arrives as late as it left, minus what flights usually make up. */
  fallback: (flight) => flight.dep_delay - MADE_UP_MINUTES,
});

/** A reading of the airport's weather station; any of them can be missing. */
function weather<const Name extends string>(reading: {
  name: Name;
  label: string;
  unit: string;
  range: readonly [number, number];
  step: number;
}) {
  return { ...reading, type: 'number', missing: 'impute' } as const;
}
