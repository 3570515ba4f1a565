-- Orders that were split off from another one at the channel are found by that one.
create index orders_parent on orders (account_id, parent_external_id) where parent_external_id <> '';
