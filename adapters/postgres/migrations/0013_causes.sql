-- What fires elsewhere and holds a monitor's notifications (options.inhibited_by).

-- How groups were at a slot: their changes after it are few, and undone.
create index transitions_by_slot on transitions (monitor_id, slot);

-- Monitors that wait for others, to find those that wait in a circle.
create index monitors_inhibited on monitors (id) where deleted_at is null and options ? 'inhibited_by';
