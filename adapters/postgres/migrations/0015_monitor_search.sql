-- What people search monitors by: tags whatever their case, words in names, messages and queries, states and types.

create function monitor_tags_lower(tags text[]) returns text[] language sql immutable parallel safe
  return (select coalesce(array_agg(lower(tag)), '{}') from unnest(tags) as tag);
create function monitor_tags_text(tags text[]) returns text language sql immutable parallel safe
  return (select coalesce(string_agg(lower(tag), E'\n'), '') from unnest(tags) as tag);

alter table monitors
  add column search_tags text[] generated always as (monitor_tags_lower(tags)) stored,
  -- The same as lines of one text, for wildcards.
  add column search_tag_text text generated always as (monitor_tags_text(tags)) stored,
  -- What Datadog's searches call a type.
  add column classification text generated always as (
    case
      when type in ('metric alert', 'query alert') then
        case
          when query ~ 'anomalies\(' then 'anomaly'
          when query ~ 'outliers\(' then 'outlier'
          when query ~ 'forecast\(' then 'forecast'
          else 'metric'
        end
      when type = 'service check' then
        case
          when query ~ '^\s*"datadog\.agent\.up"' then 'host'
          when query ~ '^\s*"(http\.can_connect|tcp\.can_connect)"' then 'network'
          else 'custom'
        end
      when type = 'process alert' then 'live_process'
      when type = 'event-v2 alert' then 'event'
      else regexp_replace(type, ' alert$', '')
    end
  ) stored;

create index monitors_search_tags on monitors using gin (search_tags) where deleted_at is null;
create index monitors_by_state on monitors (overall_state, id) where deleted_at is null;
create index monitors_by_classification on monitors (classification, id) where deleted_at is null;
create index monitors_by_type on monitors (type, id) where deleted_at is null;
create index monitors_by_priority on monitors (priority, id) where deleted_at is null and priority is not null;
create index monitors_drafts on monitors (id) where deleted_at is null and draft_status = 'draft';
-- As an expression, of which PostgreSQL knows how rarely it is true.
create index monitors_silenced on monitors (coalesce(options -> 'silenced' <> '{}'::jsonb, false)) where deleted_at is null;
-- An index takes no long text: the beginning sorts.
create index monitors_by_name on monitors (lower(left(name, 100)), id) where deleted_at is null;
create index monitors_by_creator on monitors (lower(left(creator ->> 'name', 100))) where deleted_at is null;
create index monitors_by_creator_handle on monitors (lower(left(creator ->> 'handle', 100))) where deleted_at is null;
create index monitor_groups_by_status on monitor_groups (status, monitor_id);

-- Parts of texts. The extension comes with PostgreSQL; where an installation lacks it, these searches read all monitors.
do $$
begin
  create extension if not exists pg_trgm;
  create index monitors_name_parts on monitors using gin (name gin_trgm_ops) where deleted_at is null;
  create index monitors_message_parts on monitors using gin (message gin_trgm_ops) where deleted_at is null;
  create index monitors_query_parts on monitors using gin (query gin_trgm_ops) where deleted_at is null;
  create index monitors_tag_parts on monitors using gin (search_tag_text gin_trgm_ops) where deleted_at is null;
  create index monitor_groups_key_parts on monitor_groups using gin (group_key gin_trgm_ops);
exception
  when undefined_file or insufficient_privilege or feature_not_supported or undefined_object then
    raise notice 'searches for parts of texts have no index here: %', sqlerrm;
end
$$;
