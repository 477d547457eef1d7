/** Version 1 of the object's tables; run at each start, so every statement may run again. */
const TABLES = [
  // One row a batch, for ever: the id makes a resend a no-op. `delta` is dropped once it is folded.
  `CREATE TABLE IF NOT EXISTS batches (
    entry INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    device TEXT NOT NULL,
    writer TEXT NOT NULL,
    from_seq INTEGER NOT NULL,
    to_seq INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    answer TEXT NOT NULL,
    events INTEGER NOT NULL,
    predictions INTEGER NOT NULL,
    incidents INTEGER NOT NULL,
    dropped INTEGER NOT NULL,
    clamped INTEGER NOT NULL,
    delta TEXT,
    folded INTEGER NOT NULL
  )`,
  'CREATE INDEX IF NOT EXISTS batches_to_fold ON batches (entry) WHERE folded = 0',
  'CREATE INDEX IF NOT EXISTS batches_by_range ON batches (device, writer, to_seq)',
  `CREATE TABLE IF NOT EXISTS writers (
    device TEXT NOT NULL,
    writer TEXT NOT NULL,
    watermark INTEGER NOT NULL,
    covered INTEGER NOT NULL,
    PRIMARY KEY (device, writer)
  ) WITHOUT ROWID`,
  // The first outcome of a prediction is the one that counts.
  `CREATE TABLE IF NOT EXISTS outcomes (
    prediction TEXT PRIMARY KEY,
    bucket_ms INTEGER NOT NULL,
    version TEXT NOT NULL,
    source TEXT NOT NULL,
    predicted REAL NOT NULL,
    value REAL NOT NULL,
    folded INTEGER NOT NULL,
    group_name TEXT
  ) WITHOUT ROWID`,
  'CREATE INDEX IF NOT EXISTS outcomes_to_fold ON outcomes (prediction) WHERE folded = 0',
  // What the challenger in the shadow had answered where an outcome came in; gone once it is folded.
  `CREATE TABLE IF NOT EXISTS shadow_outcomes (
    prediction TEXT PRIMARY KEY,
    bucket_ms INTEGER NOT NULL,
    version TEXT NOT NULL,
    predicted REAL NOT NULL,
    value REAL NOT NULL,
    group_name TEXT
  ) WITHOUT ROWID`,
  // version '' is traffic that was assigned none.
  `CREATE TABLE IF NOT EXISTS windows (
    bucket_ms INTEGER NOT NULL,
    version TEXT NOT NULL,
    profile TEXT NOT NULL,
    PRIMARY KEY (version, bucket_ms)
  ) WITHOUT ROWID`,
  // Each look asks which versions had traffic lately: without this it reads a week of windows.
  'CREATE INDEX IF NOT EXISTS windows_by_time ON windows (bucket_ms, version)',
  // Windows that are too old to be looked at closely, merged into hours and days.
  `CREATE TABLE IF NOT EXISTS coarse_windows (
    bucket_ms INTEGER NOT NULL,
    version TEXT NOT NULL,
    width_ms INTEGER NOT NULL,
    profile TEXT NOT NULL,
    PRIMARY KEY (version, bucket_ms, width_ms)
  ) WITHOUT ROWID`,
  'CREATE INDEX IF NOT EXISTS coarse_windows_by_time ON coarse_windows (bucket_ms, version)',
  // Sixty days of hours, small enough to be read whole: what is usual, and where the loss is going.
  `CREATE TABLE IF NOT EXISTS activity (
    hour_ms INTEGER NOT NULL,
    version TEXT NOT NULL,
    predictions INTEGER NOT NULL,
    answers INTEGER NOT NULL,
    fallbacks INTEGER NOT NULL,
    outcomes INTEGER NOT NULL,
    loss REAL NOT NULL,
    loss_squares REAL NOT NULL,
    PRIMARY KEY (hour_ms, version)
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS evidence (
    rollout TEXT NOT NULL,
    step INTEGER NOT NULL,
    version TEXT NOT NULL,
    profile TEXT NOT NULL,
    PRIMARY KEY (rollout, step, version)
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS counters (
    name TEXT PRIMARY KEY,
    batches INTEGER NOT NULL DEFAULT 0,
    events INTEGER NOT NULL DEFAULT 0,
    predictions INTEGER NOT NULL DEFAULT 0,
    outcomes INTEGER NOT NULL DEFAULT 0,
    incidents INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0,
    clamped INTEGER NOT NULL DEFAULT 0,
    missing INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID`,
  "INSERT OR IGNORE INTO counters (name) VALUES ('ledger'), ('folded')",
  `CREATE TABLE IF NOT EXISTS alerts (
    id TEXT PRIMARY KEY,
    view TEXT NOT NULL,
    firing INTEGER NOT NULL,
    published INTEGER NOT NULL
  ) WITHOUT ROWID`,
  // Each published alert as D1 was last told of it.
  'CREATE TABLE IF NOT EXISTS told_alerts (id TEXT PRIMARY KEY, view TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
];

export function createTables(sql: SqlStorage): void {
  for (const statement of TABLES) sql.exec(statement);
  // Objects made before outcomes had a group.
  const columns = sql.exec<{ name: string }>("SELECT name FROM pragma_table_info('outcomes')");
  if (!columns.toArray().some(({ name }) => name === 'group_name'))
    sql.exec('ALTER TABLE outcomes ADD COLUMN group_name TEXT');
}

export function readMeta(sql: SqlStorage, name: string): string | null {
  const [row] = sql.exec<{ value: string }>('SELECT value FROM meta WHERE name = ?', name);
  return row?.value ?? null;
}

export function writeMeta(sql: SqlStorage, name: string, value: string): void {
  sql.exec(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    name,
    value,
  );
}
