-- Whom notifications go to beside those that a message names: by tags, whichever the monitor.

create table notification_rules (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  -- {"kind": "tags", "tags": […]} or {"kind": "scope", "scope": "…"}
  filter jsonb not null,
  -- {"kind": "always", "recipients": […]} or {"kind": "conditional", "conditions": [{scope, recipients}], "fallback": […] | null}
  recipients jsonb not null,
  -- How long what follows a first message is gathered; null = it isn't.
  bundle_s integer,
  creator jsonb not null,
  created_at timestamptz not null,
  modified_at timestamptz not null
);

-- One row, counted up by each change of a rule in its own transaction: workers read the rules again when it has moved.
create table notification_rule_changes (
  single boolean primary key default true check (single),
  count bigint not null
);
insert into notification_rule_changes (count) values (0);
