-- Cells: where each monitor lives, and the lane of each receiver.

-- The name of the cell whose workers alone may commit for it (core/schedule/cells.ts). Changing it is what a move is.
alter table monitors add column cell text not null default 'default';
create index monitors_by_cell on monitors (cell, id) where deleted_at is null;

-- null = in the first cell that is configured.
alter table receiver_lanes add column cell text;

-- As `cell/shard`; empty = the worker's version knows no cells.
alter table engine_workers add column serves text[] not null default '{}';

-- Everything up to and including this slot is judged and committed: a workflow that is started anew goes on after it. null = not known.
alter table monitor_progress add column settled_slot bigint;
