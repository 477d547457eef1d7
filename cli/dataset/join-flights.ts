import { flightDelay } from '../../models/flight-delay/use-case.ts';
import type { CsvRecord } from './read-records.ts';

export const FLIGHT_COLUMNS = [
  ...['year', 'month', 'day', 'dep_time', 'dep_delay', 'arr_delay'],
  ...['carrier', 'origin', 'dest', 'distance', 'hour'],
];

const READINGS = ['temp', 'humid', 'wind_speed', 'wind_gust', 'precip', 'pressure', 'visib'];

export const WEATHER_COLUMNS = ['origin', 'year', 'month', 'day', 'hour', ...READINGS];

/** Columns of the joined file: the order of departure, the inputs, the target. */
export const JOINED_COLUMNS = [
  'departed_at',
  ...flightDelay.inputs.map((input) => input.name),
  flightDelay.target.name,
];

export type WeatherByHour = Map<string, CsvRecord>;

/** Keeps the first report of an hour: when clocks go back one hour is reported twice. */
export function addWeather(byHour: WeatherByHour, report: CsvRecord): void {
  const key = hourKey(report);
  if (!byHour.has(key)) byHour.set(key, report);
}

export type JoinedFlight = { cells: string[]; hasWeather: boolean; blankedReadings: number };

/**
 * One flight with the weather of its departure hour at its origin. `hour` is the hour of the actual
 * departure (24 is midnight, the first hour of the next day). `departed_at` is local time as the
 * number yyyymmddhhmm. A reading beyond its declared range (the file has a wind of 1,048 mph) is
 * taken for a broken instrument and left out.
 */
export function joinFlight(flight: CsvRecord, byHour: WeatherByHour): JoinedFlight {
  const weather = byHour.get(hourKey(flight));
  let blankedReadings = 0;
  const reading = (name: string): string => {
    const text = weather?.[name] ?? '';
    if (text === '' || isPossible(name, Number(text))) return text;
    blankedReadings++;
    return '';
  };
  const joined: Record<string, string> = {
    ...flight,
    departed_at: departedAt(flight),
    weekday: weekdayOf(flight),
    ...Object.fromEntries(READINGS.map((name) => [name, reading(name)])),
  };
  const cells = JOINED_COLUMNS.map((name) => joined[name] ?? '');
  return { cells, hasWeather: weather !== undefined, blankedReadings };
}

/** The airport's hour, with 24 rolled into the next day. */
function hourKey(record: CsvRecord): string {
  const { year, month, day, hour } = record;
  const hours = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour)) / 3_600_000;
  return `${record['origin']} ${hours}`;
}

function departedAt({ year, month, day, dep_time }: CsvRecord): string {
  const two = (text: string) => text.padStart(2, '0');
  return `${year}${two(month)}${two(day)}${dep_time.padStart(4, '0')}`;
}

/** 1 is Monday, 7 is Sunday. */
function weekdayOf({ year, month, day }: CsvRecord): string {
  const sundayIsZero = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDay();
  return String(sundayIsZero === 0 ? 7 : sundayIsZero);
}

function isPossible(name: string, value: number): boolean {
  const input = flightDelay.inputs.find((candidate) => candidate.name === name);
  return input?.type !== 'number' || (value >= input.range[0] && value <= input.range[1]);
}
