-- Who is signed in at the console: a random text in a cookie, of which only the SHA-256 is here, stands for two keys.
create table sessions (
  hash bytea primary key,
  api_key uuid not null references access_keys (id),
  application_key uuid not null references access_keys (id),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_by_key on sessions (application_key, created_at);
create index sessions_by_expiry on sessions (expires_at);

-- Which monitors have another state than a moment ago: asked once a second while somebody watches.
create index monitors_by_state_change on monitors (overall_state_modified) where overall_state_modified is not null;
