-- What a key may do, and who made it. Keys from before there were roles keep what they could: everything.
alter table access_keys
  add column role text not null default 'admin' check (role in ('intake', 'viewer', 'editor', 'admin')),
  -- By which people tell their keys apart; null = of a key that the environment gives.
  add column last4 text,
  add column created_by text,
  add check (kind = 'api' or role <> 'intake');

create index access_keys_by_kind on access_keys (kind, created_at, id) where revoked_at is null;
