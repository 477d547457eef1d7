-- A strategy is data: the plan a rollout goes through. SQLite cannot change a CHECK, so the table is made again.
CREATE TABLE rollouts_with_plan (
  workspace TEXT NOT NULL,
  id TEXT NOT NULL,
  model TEXT NOT NULL,
  champion TEXT,
  challenger TEXT NOT NULL,
  strategy TEXT NOT NULL CHECK (strategy IN ('canary', 'all', 'blue-green', 'rolling', 'shadow')),
  status TEXT NOT NULL CHECK (status IN ('running', 'promoted', 'rolled_back', 'cancelled')),
  plan TEXT NOT NULL,
  step_index INTEGER NOT NULL,
  step_started_at TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  reason TEXT NOT NULL,
  gates TEXT NOT NULL,
  rev INTEGER NOT NULL,
  PRIMARY KEY (workspace, id)
) STRICT;
INSERT INTO rollouts_with_plan
  SELECT workspace, id, model, champion, challenger, strategy, status,
    json_object('pace', 'evidence', 'promotion', 'verdict', 'steps',
      (SELECT json_group_array(json_object('share', step.value, 'mode', 'serve', 'holdMs', rollouts.hold_ms))
       FROM json_each(rollouts.steps) AS step)),
    step_index, step_started_at, started_at, ended_at, reason, gates, rev
  FROM rollouts;
DROP TABLE rollouts;
ALTER TABLE rollouts_with_plan RENAME TO rollouts;
CREATE UNIQUE INDEX one_running_rollout ON rollouts (workspace, model) WHERE status = 'running';
CREATE INDEX rollouts_by_model ON rollouts (workspace, model, id);

-- One row a rule of a model; a silence that is over is a row of the past.
CREATE TABLE silences (
  workspace TEXT NOT NULL,
  model TEXT NOT NULL,
  rule TEXT NOT NULL,
  until_ms INTEGER NOT NULL,
  why TEXT NOT NULL,
  by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (workspace, model, rule)
) STRICT;
