-- The number that the buyer knows (#1003, an increment id) leads to its order at once.
create index orders_external_number on orders (account_id, external_number) where external_number <> '';
