-- Every key starts with the workspace: no statement can reach another's rows by accident.

CREATE TABLE workspaces (
  id TEXT PRIMARY KEY,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE allowed_origins (
  workspace TEXT NOT NULL,
  origin TEXT NOT NULL,
  PRIMARY KEY (workspace, origin)
) STRICT;

-- hash: sha256 (hex) of the whole key. Looked up without a workspace: the key says which one it is.
CREATE TABLE keys (
  hash TEXT PRIMARY KEY,
  workspace TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('publishable', 'secret', 'session')),
  prefix TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT,
  revoked_at TEXT
) STRICT;

CREATE TABLE console_codes (
  hash TEXT PRIMARY KEY,
  workspace TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  used_at TEXT
) STRICT;

CREATE TABLE trusted_keys (
  workspace TEXT NOT NULL,
  key_id TEXT NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('publisher', 'retraining')),
  public_key TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (workspace, key_id)
) STRICT;

CREATE TABLE models (
  workspace TEXT NOT NULL,
  model TEXT NOT NULL,
  title TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (workspace, model)
) STRICT;

-- A row is written once and never changed: a version is immutable.
CREATE TABLE versions (
  workspace TEXT NOT NULL,
  model TEXT NOT NULL,
  version TEXT NOT NULL,
  payload TEXT NOT NULL,
  signature TEXT NOT NULL,
  key_id TEXT NOT NULL,
  declaration TEXT NOT NULL,
  reference_sha256 TEXT NOT NULL,
  published_at TEXT NOT NULL,
  PRIMARY KEY (workspace, model, version)
) STRICT;

-- Inserting version n + 1 is the compare-and-set of everything that changes what is served.
CREATE TABLE flag_configurations (
  workspace TEXT NOT NULL,
  version INTEGER NOT NULL,
  document TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (workspace, version)
) STRICT;

CREATE TABLE rollouts (
  workspace TEXT NOT NULL,
  id TEXT NOT NULL,
  model TEXT NOT NULL,
  champion TEXT,
  challenger TEXT NOT NULL,
  strategy TEXT NOT NULL CHECK (strategy IN ('canary', 'all')),
  status TEXT NOT NULL CHECK (status IN ('running', 'promoted', 'rolled_back', 'cancelled')),
  steps TEXT NOT NULL,
  hold_ms INTEGER NOT NULL,
  step_index INTEGER NOT NULL,
  step_started_at TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  reason TEXT NOT NULL,
  gates TEXT NOT NULL,
  rev INTEGER NOT NULL,
  PRIMARY KEY (workspace, id)
) STRICT;
CREATE UNIQUE INDEX one_running_rollout ON rollouts (workspace, model) WHERE status = 'running';
CREATE INDEX rollouts_by_model ON rollouts (workspace, model, id);

CREATE TABLE revocations (
  workspace TEXT NOT NULL,
  serial INTEGER NOT NULL,
  payload TEXT NOT NULL,
  signature TEXT NOT NULL,
  key_id TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (workspace, serial)
) STRICT;

CREATE TABLE summaries (
  workspace TEXT NOT NULL,
  model TEXT NOT NULL,
  revision INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (workspace, model)
) STRICT;

CREATE TABLE alerts (
  workspace TEXT NOT NULL,
  id TEXT NOT NULL,
  model TEXT NOT NULL,
  rule TEXT NOT NULL,
  severity TEXT NOT NULL,
  status TEXT NOT NULL,
  summary TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  resolved_at TEXT,
  PRIMARY KEY (workspace, id)
) STRICT;
CREATE INDEX alerts_by_model ON alerts (workspace, model, id);

CREATE TABLE runs (
  workspace TEXT NOT NULL,
  id TEXT NOT NULL,
  model TEXT NOT NULL,
  trigger TEXT NOT NULL CHECK (trigger IN ('schedule', 'manual')),
  status TEXT NOT NULL CHECK (status IN ('running', 'succeeded', 'skipped', 'failed')),
  started_at TEXT NOT NULL,
  ended_at TEXT,
  parent_version TEXT,
  version TEXT,
  rows INTEGER,
  detail TEXT NOT NULL,
  -- Labels known when it started: what arrives after is new to the next run.
  labels INTEGER NOT NULL,
  PRIMARY KEY (workspace, id)
) STRICT;
CREATE UNIQUE INDEX one_running_run ON runs (workspace, model) WHERE status = 'running';
CREATE INDEX runs_by_model ON runs (workspace, model, started_at);

CREATE TABLE audit (
  workspace TEXT NOT NULL,
  id TEXT NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (workspace, id)
) STRICT;

-- Takes no row: `INSERT INTO guard SELECT 1 WHERE changes() <> 1` turns a lost
-- compare-and-set into an error, and so rolls the whole batch back.
CREATE TABLE guard (
  lost INTEGER NOT NULL CONSTRAINT compare_and_set_lost CHECK (lost = 0)
) STRICT;
