-- How rules of Prometheus' kind (promql alerts) were at their last evaluation: what /prometheus/api/v1 shows. A projection, written
-- a moment after each evaluation; no decision reads it.
create table rule_evaluations (
  monitor_id bigint primary key references monitors (id),
  version integer not null,
  slot bigint not null,
  -- When it was begun, epoch ms.
  at_ms bigint not null,
  duration_ms integer not null,
  -- Why there was no answer; null = there was.
  error text,
  -- What is pending or fires, with labels and annotations as rendered then; of a failure those of the evaluation before it.
  alerts jsonb not null
) with (fillfactor = 70);
create index monitors_promql on monitors (id) where type = 'promql alert' and deleted_at is null;
