-- The last scan is taken back, by a scan of its own.
alter table scan drop constraint scan_action_check;
alter table scan add constraint scan_action_check
    check (action in ('picked', 'packed', 'out', 'put_away', 'short', 'weighed', 'packed_in', 'undone'));
alter table place_movement drop constraint place_movement_kind_check;
alter table place_movement add constraint place_movement_kind_check check (kind in ('receive', 'put_away', 'pick', 'pack', 'out',
    'put_back', 'short', 'recount', 'unpick', 'unpack'));
create index scan_undone on scan (code) where action = 'undone';
