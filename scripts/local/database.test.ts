import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { splitStatements } from './database.ts';
import { ROOT } from './local-paths.ts';

test('statements end at a semicolon that ends a line, comments are dropped', () => {
  const sql = "-- a; comment\nCREATE TABLE a (x TEXT); \n\nINSERT INTO a\nVALUES ('b;c');\n";
  expect(splitStatements(sql)).toEqual([
    'CREATE TABLE a (x TEXT)',
    "INSERT INTO a\nVALUES ('b;c')",
  ]);
});

test('our migrations, cut into statements, make the same schema as the whole files do', () => {
  const folder = join(ROOT, 'worker/migrations');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const whole = new DatabaseSync(':memory:');
  const cut = new DatabaseSync(':memory:');
  for (const sql of files) {
    whole.exec(sql);
    for (const statement of splitStatements(sql)) cut.exec(statement);
  }
  const schemaOf = (db: DatabaseSync) =>
    db.prepare('SELECT type, name, tbl_name FROM sqlite_schema ORDER BY name').all();
  expect(schemaOf(cut)).toEqual(schemaOf(whole));
  expect(schemaOf(cut).length).toBeGreaterThan(10);
});
