import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

const FLIGHTS = `year,month,day,dep_time,dep_delay,arr_delay,carrier,origin,dest,distance,hour,tailnum
2013,6,30,940,15,-4,VX,JFK,LAX,2475,9,N1
2013,6,30,2400,1,2,DL,JFK,SJU,1598,24,N2
2013,1,7,5,-3,NA,AA,LGA,ORD,733,0,N3
`;
const WEATHER = `origin,year,month,day,hour,temp,humid,wind_speed,wind_gust,precip,pressure,visib
JFK,2013,6,30,9,80.06,76,5.7,NA,0,1010.1,10
JFK,2013,6,30,9,1,1,1,1,1,1000,1
JFK,2013,7,1,0,70,60,1048.4,NA,0,NA,9
`;

function joinFiles(flights: string, weather: string) {
  folder.write('flights.csv', flights);
  folder.write('weather.csv', weather);
  const files = ['--flights', 'flights.csv', '--weather', 'weather.csv', '--out', 'joined.csv'];
  return folder.edgewise('dataset', 'flight-delay', ...files, '--json');
}

test('each flight gets the first weather report of its hour and airport, midnight the next day’s', async () => {
  const { exitCode, report } = await joinFiles(FLIGHTS, WEATHER);
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({ rows: 3, withoutWeather: 1, blankedReadings: 1 });
  expect(folder.read('joined.csv')).toBe(
    `departed_at,dep_delay,carrier,origin,dest,distance,hour,month,weekday,temp,humid,wind_speed,wind_gust,precip,pressure,visib,arr_delay
201306300940,15,VX,JFK,LAX,2475,9,6,7,80.06,76,5.7,,0,1010.1,10,-4
201306302400,1,DL,JFK,SJU,1598,24,6,7,70,60,,,0,,9,2
201301070005,-3,AA,LGA,ORD,733,0,1,1,,,,,,,,
`,
  );
});

test('a file without the columns it needs, or with a torn line, is refused', async () => {
  const { exitCode, stderr } = await joinFiles('year,month\n2013,1\n', WEATHER);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('there is no column day, dep_time');
  expect((await joinFiles(FLIGHTS, `${WEATHER}JFK,2013\n`)).stderr).toContain(
    'line 5: expected 12 cells, found 2',
  );
});
