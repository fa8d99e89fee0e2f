-- What became of each evaluation, for people to look at; and what a state remembers beside its groups.

-- Bundles, downtimes, notifications owed, groups forgotten: core/monitor/types.ts, Memory. null = nothing.
alter table monitor_state add column memory jsonb;

-- Days of any table that is partitioned by epoch ms, as the intake's points: each is named after its table and its day.

-- Makes the partition of one day (days since the epoch) if it isn't there. Any number of processes may call it at once.
create function ensure_day_partition(parent text, day integer) returns void language plpgsql as $$
declare
  partition_name text := parent || '_' || day;
begin
  if to_regclass(partition_name) is not null then
    return;
  end if;
  -- The lock that attaching needs anyway. Taking it makes this session see what others have made meanwhile.
  execute format('lock table %I in share update exclusive mode', parent);
  if to_regclass(partition_name) is not null then
    return;
  end if;
  -- Attaching locks the parent less than creating a partition of it: readers and writers of other days go on.
  execute format('create table %I (like %I including defaults including constraints)', partition_name, parent);
  execute format(
    'alter table %I attach partition %I for values from (%L) to (%L)',
    parent, partition_name, day * 86400000::bigint, (day + 1) * 86400000::bigint
  );
end $$;

-- The days that have a partition.
create function day_partitions(parent text) returns setof integer language sql stable as $$
  select substr(relname, length(parent) + 2)::integer
  from pg_inherits join pg_class on pg_class.oid = inhrelid
  where inhparent = parent::regclass
$$;

-- Drops the partitions of all days before this one. Returns how many.
create function drop_day_partitions_before(parent text, day integer) returns integer language plpgsql as $$
declare
  old integer;
  dropped integer := 0;
begin
  for old in select d from day_partitions(parent) d where d < day order by d loop
    execute format('drop table %I', parent || '_' || old);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;

create or replace function ensure_points_day(day integer) returns void language sql as $$
  select ensure_day_partition('points', day)
$$;
create or replace function points_days() returns setof integer language sql stable as $$
  select day_partitions('points')
$$;
create or replace function drop_points_before(day integer) returns integer language sql as $$
  select drop_day_partitions_before('points', day)
$$;

-- A projection: written late and in batches, never an input of a decision. The widest columns first, so that none is padded.
create table evaluations (
  monitor_id bigint not null,
  slot bigint not null,
  -- When it was begun, epoch ms.
  at_ms bigint not null,
  -- The smallest and the largest value of a group; null = none had one.
  value_min double precision,
  value_max double precision,
  -- What the source was asked, in evaluation_queries; null = it wasn't.
  query_digest uuid,
  version integer not null,
  -- Data up to slot - delay_ms was looked at.
  delay_ms integer not null,
  duration_ms integer not null,
  -- Groups with a value, and groups that the state machine heard of.
  groups_seen integer not null,
  groups_told integer not null,
  outcome text not null,
  -- Why skipped or failed.
  reason text,
  primary key (monitor_id, slot)
) partition by range (slot);

-- The same text is sent slot after slot: stored once.
create table evaluation_queries (
  -- The first 16 bytes of the text's SHA-256.
  digest uuid primary key,
  text text not null,
  -- The newest day (days since the epoch) that an evaluation sent it: it goes when that day does.
  newest_day integer not null
);

-- What is past retention is found by its time. The tables grow at their end, so a few bytes per block of rows are enough.
create index transitions_by_time on transitions using brin (committed_at) with (pages_per_range = 32);
create index notifications_by_time on notifications using brin (created_at) with (pages_per_range = 32);
create index deliveries_by_time on deliveries using brin (created_at) with (pages_per_range = 32);
create index audit_events_by_time on audit_events using brin (at) with (pages_per_range = 32);
