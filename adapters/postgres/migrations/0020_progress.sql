-- How far each monitor's evaluation is, and which workers there are: what the watchdog, the dead man's switch and people look at.

-- One row a monitor, written anew about once in each of its intervals. Nothing in it that changes has an index, so that a row is updated in
-- its own page; whoever is overdue is found by reading all of it, once a minute.
create table monitor_progress (
  monitor_id bigint primary key,
  -- Of the process that wrote it, epoch ms: an older one never overwrites a newer one.
  at bigint not null,
  -- The last slot that was evaluated; null = none yet.
  slot bigint,
  -- When it is to be evaluated next; null = never.
  due_at bigint,
  -- Between two evaluations, stretched as they are.
  interval_ms bigint not null,
  lag_ms integer,
  stretch smallint not null default 1,
  priority smallint
) with (fillfactor = 70);

-- What each worker process says of itself, every few seconds. Lost with a crash, and written anew.
create unlogged table engine_workers (
  worker text primary key,
  started_at timestamptz not null,
  at timestamptz not null default now(),
  shards integer[] not null,
  -- core/schedule/stretch.ts
  stretch_level integer not null,
  evaluations_per_second double precision not null,
  -- In ms, of the last seconds; null = nothing was evaluated.
  lag_p50 integer,
  lag_p99 integer,
  lag_p1_p99 integer
);

-- When something was last done of what one process of all does.
create table engine_marks (
  name text primary key,
  at timestamptz not null default now()
);
