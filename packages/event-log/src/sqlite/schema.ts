/** Raised with every change of the tables; a file of a newer version is left alone. */
export const schemaVersion = 1;

/** Says that a file is Parley's: "Prly" in ASCII. */
export const applicationId = 0x50726c79;

export const schema = `
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    version INTEGER NOT NULL,
    time TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    subject TEXT,
    meta TEXT NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_stream ON events (stream, sequence);
  CREATE INDEX events_by_subject ON events (stream, subject) WHERE subject IS NOT NULL;

  CREATE TABLE streams (stream TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE append_keys (
    stream TEXT NOT NULL,
    key TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (stream, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE checkpoints (consumer TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE snapshots (
    stream TEXT NOT NULL,
    fold_version INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    position INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (stream, fold_version, sequence)
  ) STRICT;

  CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE dead_letters (
    handler TEXT NOT NULL,
    position INTEGER NOT NULL,
    stream TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT NOT NULL,
    failed_at TEXT NOT NULL,
    PRIMARY KEY (handler, position)
  ) STRICT, WITHOUT ROWID;
`;
