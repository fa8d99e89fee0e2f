-- Until when a notification rule gathers what it gives a receiver: from its first message on.
create table rule_bundles (
  rule_id uuid not null,
  receiver text not null,
  until timestamptz not null,
  primary key (rule_id, receiver)
);

-- The rule that gathers it; null = it goes as soon as it can.
alter table deliveries add column bundle uuid;
