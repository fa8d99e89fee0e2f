-- What people say about monitors in general: which tags they must have, whom they are left to, and templates of them.

create table monitor_policies (
  id uuid primary key default gen_random_uuid(),
  -- In the order in which they were made.
  number bigint generated always as identity,
  tag_key text not null,
  tag_key_required boolean not null,
  -- Empty, or with a *: every value.
  valid_tag_values text[] not null,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);
create unique index monitor_policies_tag_key on monitor_policies (lower(tag_key));

-- Bindings of relations to principals as they were written; what counts of them is in restricted_roles.
alter table monitors add column restriction_bindings jsonb;

create table monitor_templates (
  id uuid primary key default gen_random_uuid(),
  number bigint generated always as identity,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);

-- Every version that a template ever had; the first one has the template's own id.
create table monitor_template_versions (
  template_id uuid not null references monitor_templates (id) on delete cascade,
  version integer not null,
  id uuid not null default gen_random_uuid(),
  attributes jsonb not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  primary key (template_id, version)
);

-- Which composites a monitor is a member of is asked before it is deleted.
create index monitors_composites on monitors (id) where type = 'composite' and deleted_at is null;
