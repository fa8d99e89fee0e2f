-- When a delivery was last tried (or planned): whose workflow is lost is found by its silence.
alter table deliveries add column touched_at timestamptz not null default now();
