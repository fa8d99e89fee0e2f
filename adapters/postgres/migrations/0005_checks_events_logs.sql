-- What else clients push: runs of service checks, events, logs, pings of heartbeats. Times are epoch ms; each table that grows with
-- time has a partition a day (ensure_day_partition, 0004), and goes day by day.

-- A check with one set of tags, as `series` is a metric with one. Nearly all runs are of a check that ran before.
create table check_series (
  id bigint generated always as identity primary key,
  -- SHA-256 of name and tags.
  identity bytea not null unique,
  name text not null,
  -- Normalised, unique, sorted; the host is the tag `host:…`.
  tags text[] not null,
  -- The newest day (days since the epoch) that has runs: checks without any go when their last day does.
  newest_day integer not null
);
create index check_series_by_name on check_series (name);
create index check_series_by_newest_day on check_series (newest_day);

create table check_runs (
  series_id bigint not null,
  at_ms bigint not null,
  -- 0 ok, 1 warning, 2 critical, 3 unknown.
  status smallint not null,
  message text not null,
  -- A run that is pushed twice is one run; the later push wins.
  primary key (series_id, at_ms)
) partition by range (at_ms);

-- Logs and events have one shape, so that one query reads either; their retention differs.
create table logs (
  at_ms bigint not null,
  -- Of the content: the same entry pushed twice is one entry.
  digest uuid not null,
  message text not null,
  -- '' where the entry says nothing of it.
  status text not null,
  service text not null,
  host text not null,
  -- Normalised, unique, sorted.
  tags text[] not null,
  attributes jsonb not null,
  primary key (at_ms, digest)
) partition by range (at_ms);
-- Searches name a service as a rule, whatever its case, and windows are short: these two bound what is read.
create index logs_by_service on logs (lower(service), at_ms);

create table events (
  at_ms bigint not null,
  digest uuid not null,
  message text not null,
  status text not null,
  service text not null,
  host text not null,
  tags text[] not null,
  attributes jsonb not null,
  primary key (at_ms, digest)
) partition by range (at_ms);

-- Pings are many and tell only of their time.
create table heartbeat_pings (
  -- SHA-256 of the key that was pinged: keys are secrets.
  key_hash bytea not null,
  at_ms bigint not null,
  primary key (key_hash, at_ms)
) partition by range (at_ms);
