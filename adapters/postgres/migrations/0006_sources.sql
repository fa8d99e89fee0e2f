-- Where data is asked for, beside the intake: configured over the API or by a file.

create table sources (
  name text primary key,
  kind text not null,
  -- Evaluates monitors of the types of its kind that name no source.
  is_default boolean not null default false,
  config jsonb not null,
  -- Of workers near it; null = the workers of the monitors ask it.
  task_queue text,
  -- Encrypted; null = it has none. Which there are is in secret_names, for people.
  sealed text,
  secret_names text[] not null default '{}',
  -- 'api' or 'file': what a file holds is changed there.
  managed_by text not null default 'api',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now()
);
create unique index sources_default on sources (kind) where is_default;

-- How each worker gets on with each source, for people to look at. Lost with a crash, and written anew within seconds.
create unlogged table source_states (
  source text not null,
  worker text not null,
  state jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (source, worker)
);

-- Who uses a source: it isn't deleted while somebody does.
create index monitors_datasource on monitors ((options ->> 'datasource')) where deleted_at is null and options ? 'datasource';
