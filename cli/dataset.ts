import { buildCommand, buildRouteMap } from '@stricli/core';
import type { CliContext } from './context.ts';
import type { FlightDatasetFlags } from './dataset/run-flight-delay.ts';
import { jsonFlag, textFlag } from './routes/flags.ts';

const path = (brief: string) => textFlag(brief, 'FILE.csv');

const flightDelay = buildCommand<FlightDatasetFlags, [], CliContext>({
  loader: async () => (await import('./dataset/run-flight-delay.ts')).runFlightDelay,
  parameters: {
    flags: {
      flights: path('Flights: year, month, day, dep_time, dep_delay, arr_delay and more'),
      weather: path('Hourly weather by origin, year, month, day, hour'),
      out: path('The joined CSV to write'),
      json: jsonFlag,
    },
  },
  docs: { brief: 'Join flights with the weather of their hour and airport' },
});

/** `edgewise dataset flight-delay ...`: public files into the CSV a use case is trained on. */
export const dataset = buildRouteMap({
  routes: { flightDelay },
  docs: { brief: 'Make the CSV that a use case is trained on from public files' },
});
