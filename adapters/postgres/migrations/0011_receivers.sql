alter table receivers
  -- api, or file: TOCSIN_RECEIVERS_FILE, which alone changes it then.
  add column managed_by text not null default 'api',
  -- Stands for handles that have no receiver of their own: of email for addresses, of slack with a token for channels.
  add column stands_in boolean not null default false;

-- Of the payloads, headers and addresses of webhooks, where they stand as $NAME.
create table webhook_variables (
  name text primary key,
  -- null = it is secret, and sealed.
  value text,
  sealed text,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  check ((value is null) <> (sealed is null))
);
