-- What clients push: series (a metric with one set of tags) and their points.
-- Times are epoch ms, as everywhere in the engine.

create table series (
  id bigint generated always as identity primary key,
  -- SHA-256 of metric and tags: the identity of a series, short enough for an index whatever the tags.
  identity bytea not null unique,
  metric text not null,
  -- Normalised, unique, sorted; the host is the tag `host:…`.
  tags text[] not null,
  -- As last pushed: unspecified, count, rate or gauge; the interval in seconds, 0 = unknown.
  kind text not null,
  interval_s integer not null,
  -- The newest day (days since the epoch) that has points: series without any go when their last day does.
  newest_day integer not null
);
create index series_by_metric on series (metric);
create index series_by_tags on series using gin (tags);
create index series_by_newest_day on series (newest_day);

create table points (
  series_id bigint not null,
  at_ms bigint not null,
  value double precision not null,
  -- A point pushed twice is one point; the later push wins.
  primary key (series_id, at_ms)
) partition by range (at_ms);

-- Makes the partition of one day (days since the epoch) if it isn't there. Any number of processes may call it at once.
create function ensure_points_day(day integer) returns void language plpgsql as $$
declare
  partition_name text := 'points_' || day;
begin
  if to_regclass(partition_name) is not null then
    return;
  end if;
  -- The lock that attaching needs anyway. Taking it makes this session see what others have made meanwhile.
  lock table points in share update exclusive mode;
  if to_regclass(partition_name) is not null then
    return;
  end if;
  -- Attaching locks the parent less than creating a partition of it: readers and writers of other days go on.
  execute format('create table %I (like points including defaults including constraints)', partition_name);
  execute format(
    'alter table points attach partition %I for values from (%L) to (%L)',
    partition_name, day * 86400000::bigint, (day + 1) * 86400000::bigint
  );
end $$;

-- The days that have a partition.
create function points_days() returns setof integer language sql stable as $$
  select substr(relname, 8)::integer
  from pg_inherits join pg_class on pg_class.oid = inhrelid
  where inhparent = 'points'::regclass
$$;

-- Drops the partitions of all days before this one. Returns how many.
create function drop_points_before(day integer) returns integer language plpgsql as $$
declare
  old integer;
  dropped integer := 0;
begin
  for old in select d from points_days() d where d < day order by d loop
    execute format('drop table %I', 'points_' || old);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;
