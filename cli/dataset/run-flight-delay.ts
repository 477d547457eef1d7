import { resolve } from 'node:path';
import { ok } from '../../shared/core/result.ts';
import { reporting } from '../command.ts';
import { checkOutFile, writeOutFile } from '../out-path.ts';
import {
  addWeather,
  FLIGHT_COLUMNS,
  JOINED_COLUMNS,
  joinFlight,
  WEATHER_COLUMNS,
  type WeatherByHour,
} from './join-flights.ts';
import { readRecords } from './read-records.ts';

export type FlightDatasetFlags = { flights: string; weather: string; out: string; json: boolean };

/** Writes the CSV that flight-delay is trained on. */
export const runFlightDelay = reporting<FlightDatasetFlags, []>(async ({ context, flags }) => {
  const at = (path: string) => resolve(context.cwd, path);
  const read = [at(flags.flights), at(flags.weather)];
  const out = await checkOutFile(at(flags.out), { read });
  if (!out.ok) return out;
  const byHour: WeatherByHour = new Map();
  const weather = await readRecords(at(flags.weather), WEATHER_COLUMNS, (report) =>
    addWeather(byHour, report),
  );
  if (!weather.ok) return weather;
  const lines = [JOINED_COLUMNS.join(',')];
  const counts = { rows: 0, withoutWeather: 0, blankedReadings: 0 };
  const flights = await readRecords(at(flags.flights), FLIGHT_COLUMNS, (flight) => {
    const { cells, hasWeather, blankedReadings } = joinFlight(flight, byHour);
    lines.push(cells.map(csvCell).join(','));
    counts.rows++;
    counts.withoutWeather += hasWeather ? 0 : 1;
    counts.blankedReadings += blankedReadings;
  });
  if (!flights.ok) return flights;
  const written = await writeOutFile(at(flags.out), `${lines.join('\n')}\n`);
  if (!written.ok) return written;
  return ok({
    json: { ...counts, out: at(flags.out) },
    sentences: [
      `Joined ${counts.rows} flights with ${byHour.size} hours of weather into ${flags.out}.`,
      `${counts.withoutWeather} flights found no weather; ${counts.blankedReadings} impossible readings were left out.`,
      `Next: edgewise train flight-delay --data ${flags.out} --version 1.0.0 --out DIR`,
    ],
  });
});

const csvCell = (text: string): string =>
  /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
