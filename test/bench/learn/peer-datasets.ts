import type { PipelineData } from '../../../shared/learn/pipeline-data.ts';
import { inferTable } from '../../../shared/table/infer-table.ts';
import { describeTableIssue } from '../../../shared/table/read-table.ts';
import { californiaTable } from '../../parity/california-table.ts';
import { readReference } from '../../parity/reference-data.ts';

export type PeerDataset = {
  name: string;
  /** What models are compared by on it. */
  metric: 'rmse' | 'roc_auc' | 'pr_auc';
  load(): PipelineData;
};

/** The six files on which engines are compared, whole. */
export const PEER_DATASETS: readonly PeerDataset[] = [
  { name: 'california', metric: 'rmse', load: california },
  {
    name: 'churn',
    metric: 'roc_auc',
    load: () => file('telco-churn/Telco-Customer-Churn.csv', 'Churn'),
  },
  { name: 'fraud', metric: 'pr_auc', load: () => file('fraud/fraud_combined.csv', 'Class') },
  { name: 'german-credit', metric: 'roc_auc', load: germanCredit },
  {
    name: 'hiring',
    metric: 'roc_auc',
    load: () => file('hiring/recruitment_data.csv', 'HiringDecision'),
  },
  { name: 'flights', metric: 'roc_auc', load: flights },
];

function california(): PipelineData {
  const table = californiaTable();
  const inputs = table.columns.map(
    ({ name }) => ({ name, type: 'number', missing: 'impute' }) as const,
  );
  return { task: 'regression', inputs, table, classes: [], weights: null };
}

const file = (path: string, target: string): PipelineData =>
  binaryOf(readReference(`data/${path}`), target);

function germanCredit(): PipelineData {
  const header = Array.from({ length: 21 }, (_, i) => `c${i + 1}`).join(',');
  return binaryOf(`${header}\n${readReference('data/german-credit/german.csv')}`, 'c21');
}

/** What is known before departure, and the weather of the scheduled hour; late is more than 15 minutes. */
const FLIGHT_COLUMNS = [
  ...['month', 'day', 'carrier', 'origin', 'dest', 'distance', 'hour', 'minute'],
];
const WEATHER_COLUMNS = [
  ...['temp', 'dewp', 'humid', 'wind_dir', 'wind_speed', 'precip', 'pressure', 'visib'],
];
const HOUR_COLUMNS = ['origin', 'year', 'month', 'day', 'hour'];

function flights(): PipelineData {
  const weather = new Map<string, string>();
  for (const row of recordsOf(readReference('data/nycflights-weather/weather.csv')))
    weather.set(cells(row, HOUR_COLUMNS), cells(row, WEATHER_COLUMNS));
  const nothing = WEATHER_COLUMNS.map(() => '').join(',');
  const lines = recordsOf(readReference('data/flight-delays/nycflights.csv')).map((row) => {
    const known = weather.get(cells(row, HOUR_COLUMNS)) ?? nothing;
    const isLate = Number(row.get('arr_delay')) > 15 ? 'yes' : 'no';
    return `${cells(row, FLIGHT_COLUMNS)},${known},${isLate}`;
  });
  const header = [...FLIGHT_COLUMNS, ...WEATHER_COLUMNS, 'late'].join(',');
  return binaryOf([header, ...lines].join('\n'), 'late');
}

/** The files have no quoted cells. */
function recordsOf(text: string): Map<string, string>[] {
  const [header, ...lines] = text.trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    return new Map(names.map((name, i) => [name, values[i]]));
  });
}

const cells = (row: Map<string, string>, names: readonly string[]): string =>
  names.map((name) => row.get(name)).join(',');

function binaryOf(text: string, target: string): PipelineData {
  const read = inferTable(text, { target, task: 'binary' });
  if (!read.ok) throw new Error(read.error.issues.map(describeTableIssue).join('\n'));
  const { table, inputs, classes } = read.value;
  return { task: 'binary', inputs, table, classes: classes ?? [], weights: null };
}
