-- Goods that come in are offered in the order in which people wait for them, without sorting all who do: one index for
-- each of the two rules. Only orders that are short are in them.
create index orders_short_first_come on orders (paid_at, id) where is_short and not is_cancelled;
create index orders_short_ship_by on orders ((facts ->> 'ship_by'), paid_at, id) where is_short and not is_cancelled;
