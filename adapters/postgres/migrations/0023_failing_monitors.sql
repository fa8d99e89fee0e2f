-- Which monitors can't be evaluated is asked of all at once; few are, and their health changes rarely.
create index monitor_state_failing on monitor_state (monitor_id) where health ->> 'kind' = 'failing';
