-- Deliveries as the lane of a receiver sends them, each try of them, and what a receiver sees as one (core/delivery/).
alter table deliveries
  add column id bigint generated always as identity,
  -- single, merged, storm.
  add column form text not null default 'single',
  -- All that it tells, ascending; empty = its own transition only.
  add column transition_sequences bigint[] not null default '{}',
  -- Deliveries of one chain are sent one after the other; empty = it is its own.
  add column chain text not null default '',
  -- Whether something is open after it, as a receiver with incidents sees it; of its last transition.
  add column opens boolean not null default true,
  -- As the message overrides it, or the monitor's.
  add column priority smallint,
  add column episode_id bigint,
  -- Tries that failed; attempts counts all.
  add column failures integer not null default 0,
  add column next_attempt_at timestamptz not null default now(),
  -- Since when it has been open: planned, or taken up again by hand. Giving up counts from here.
  add column open_since timestamptz not null default now(),
  -- The receiver that it was meant for, where this one stands in.
  add column fallback_for text,
  -- When the receiver that stands in was given it, too.
  add column fallback_at timestamptz,
  -- Sent together with others under this id, because of a budget.
  add column digest text;
update deliveries set open_since = created_at, next_attempt_at = now();
create unique index deliveries_by_id on deliveries (id);
create index deliveries_waiting on deliveries (receiver, id) where status in ('pending', 'retrying');
create index deliveries_by_receiver on deliveries (receiver, id desc);
create index deliveries_by_monitor on deliveries (monitor_id, id desc);
create index deliveries_dead on deliveries (id desc) where status = 'dead';
create index deliveries_by_episode on deliveries (episode_id, id desc) where status = 'delivered' and episode_id is not null;

-- What each try came to; kept as long as deliveries are.
create table delivery_attempts (
  delivery_id bigint not null,
  attempt integer not null,
  receiver text not null,
  -- Under which it was sent: that of the delivery, or of the digest that it was part of.
  message_id text not null,
  at timestamptz not null default now(),
  -- delivered, retry, refused.
  outcome text not null,
  latency_ms integer not null,
  -- What the receiver answered: bounded, without its secrets.
  detail text not null,
  primary key (delivery_id, attempt)
);
-- Rates and budgets count from here, and so does the health of a receiver.
create index delivery_attempts_by_receiver on delivery_attempts (receiver, at desc);
create index delivery_attempts_by_time on delivery_attempts (at);

-- From a group's first message to its recovery, or of all groups that began in one storm.
create table episodes (
  id bigint generated always as identity primary key,
  monitor_id bigint not null,
  receiver text not null,
  -- What the receiver knows it by (core/delivery/episode.ts).
  key text not null,
  -- What it answered to the first message.
  reference jsonb,
  opened_at timestamptz not null default now(),
  closed_at timestamptz
);
create index episodes_by_receiver on episodes (receiver, closed_at);

-- The present or last episode of a group.
create table episode_groups (
  monitor_id bigint not null,
  receiver text not null,
  group_key text not null,
  episode_id bigint not null,
  open boolean not null,
  bundle boolean not null,
  primary key (monitor_id, receiver, group_key)
);
create index episode_groups_open on episode_groups (episode_id) where open;

-- How the lane of a receiver stands. A row is made by its first drain.
create table receiver_lanes (
  receiver text primary key,
  -- Until then somebody drains it and sees what is planned; whoever plans needn't wake it.
  draining_until timestamptz,
  -- Until then it waits on purpose.
  waits_until timestamptz,
  breaker_state text not null default 'closed',
  breaker_failures integer not null default 0,
  breaker_openings integer not null default 0,
  breaker_since timestamptz,
  breaker_until timestamptz,
  -- The receiver asked for a pause.
  paused_until timestamptz,
  refreshed_at timestamptz
);
