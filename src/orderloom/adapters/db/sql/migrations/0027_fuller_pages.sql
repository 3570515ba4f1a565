-- Newest-first indexes took new orders at the left end of each value, where every split leaves two half-empty pages; at
-- the right end pages are left full, and reading backwards is the same.
drop index orders_phase, orders_stage, orders_account, orders_payment, orders_last4;
create index orders_phase on orders (phase, id);
create index orders_stage on orders (stage, id);
create index orders_account on orders (account_id, id);
create index orders_payment on orders (payment, id);
create index orders_last4 on orders (receiver_phone_last4, id) where receiver_phone_last4 <> '';

-- Room on a page serves updates that leave every indexed column (and every column of an index's condition) alone. Those of
-- intake, work, stock_hold and deadline never do; of the others one at a time does.
alter table intake reset (fillfactor);
alter table work reset (fillfactor);
alter table stock_hold reset (fillfactor);
alter table deadline reset (fillfactor);
alter table orders set (fillfactor = 90);
alter table order_line set (fillfactor = 90);
alter table delivery set (fillfactor = 90);
