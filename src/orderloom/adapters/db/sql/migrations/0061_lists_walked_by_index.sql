-- Lists sorted by amount or time are walked in the index alone, whatever else is asked; carriers lead to orders by index alone;
-- a currency is found, and the stages are counted, without the orders themselves.

drop index orders_total;
create index orders_total on orders (total, id) include (phase, stage, payment, account_id, currency);
drop index orders_placed;
create index orders_placed on orders (placed_at, id) include (phase, account_id);
drop index orders_stage;
create index orders_stage on orders (stage, id) include (staged_at);
create index orders_currency on orders (currency, id);
drop index parcel_carrier;
create index parcel_carrier on parcel (carrier, id);
drop index parcel_item_parcel;
create index parcel_item_parcel on parcel_item (parcel_id) include (order_id);
