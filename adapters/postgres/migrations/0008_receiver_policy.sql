-- How a receiver is delivered to (core/delivery/policy.ts); what is absent is by default.
alter table receivers add column policy jsonb not null default '{}';
