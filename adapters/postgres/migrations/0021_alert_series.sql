-- Series of ALERTS and ALERTS_FOR_STATE as remote write was given them, so that each is ended there once its alert is over, whichever worker
-- evaluates by then. Rows come and go with alerts; an evaluation that changes none only reads them.
create table alert_series (
  monitor_id bigint not null references monitors (id),
  -- SHA-1 of the labels, for labels may be longer than an index takes.
  key text not null,
  labels jsonb not null,
  -- As of when it ends, epoch ms; null = it is there. The row goes once the other side has heard of the end.
  ended_ms bigint,
  primary key (monitor_id, key)
);
create index alert_series_ended on alert_series (ended_ms) where ended_ms is not null;
