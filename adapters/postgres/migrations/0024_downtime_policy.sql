-- How long a downtime may last; one row at most. Beside the policies of tags, so that an older version reads those as it did.
create table downtime_policies (
  id uuid primary key default gen_random_uuid(),
  max_duration_ms bigint not null check (max_duration_ms > 0),
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);
create unique index downtime_policies_one on downtime_policies ((true));
