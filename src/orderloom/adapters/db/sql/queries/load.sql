-- name: find_external - ids of orders by channel account and the channel's own id
select o.account_id, o.external_id, o.id::text
from unnest(%(accounts)s::smallint[], %(externals)s::text[]) as k (account_id, external_id)
join orders o on o.account_id = k.account_id and o.external_id = k.external_id;

-- name: find_work - ids of orders by the number of their fulfilment work
select number, order_id::text from work where number = any (%(numbers)s);

-- name: find_waybill - ids of orders by waybill
select carrier, waybill, order_id::text from parcel where waybill = any (%(waybills)s);

-- name: orders - lock the orders of a batch, always in the order of their ids (docs/locking.md)
select id::text, number, account_id, external_id, revision, placed_at, received_at, currency, total, freight, discount,
    tax, payment, paid, native, blueprint, stage, staged_at, parent_external_id, source_zone, source_placed_at, paid_at,
    refunded, note, is_cancelled, is_short, is_fulfilled_elsewhere, flags, receiver_digest, receiver_province,
    receiver_country, event_count, event_head, receiver_stated
from orders where id = any (%(ids)s::uuid[]) order by id for update;

-- name: lines
select order_id::text, line_no, external_id, sku_id, sku_external, title, quantity_ordered, price, discount, amount,
    factor, native, is_closed, is_disputed, quantity_cancelled, quantity_fulfilled, quantity_shipped, quantity_returned
from order_line where order_id = any (%(ids)s::uuid[]) order by order_id, line_no;

-- name: claims
select order_id::text, system, milestone, native, said_at, seen_at, waybill
from claim where order_id = any (%(ids)s::uuid[]) order by order_id, claim_no;

-- name: holds
select order_id::text, hold_no, type, scope, subject, reason, placed_by, placed_at, verbs, expires_at,
    coalesce(released_by, ''), released_at
from hold where order_id = any (%(ids)s::uuid[]) order by order_id, hold_no;

-- name: stock_holds
select order_id::text, hold_no, line_no, sku_id, warehouse_id, quantity, kind, state, held_at
from stock_hold where order_id = any (%(ids)s::uuid[]) order by order_id, hold_no;

-- name: works
select order_id::text, work_seq, number, warehouse_id, account_id, created_at, changed_at, state, negotiation, native
from work where order_id = any (%(ids)s::uuid[]) order by order_id, work_seq;

-- name: work_lines
select order_id::text, work_seq, line_no, sku_id, quantity
from work_line where order_id = any (%(ids)s::uuid[]) order by order_id, work_seq, line_no, sku_id;

-- name: parcels
select order_id::text, parcel_no, work_seq, carrier, waybill, state, shipped_at, heard_at, delivered_at, told
from parcel where order_id = any (%(ids)s::uuid[]) order by order_id, parcel_no;

-- name: money
select order_id::text, entry_key, amount
from money_entry where order_id = any (%(ids)s::uuid[]) order by order_id, entry_no;

-- name: levels - look at the stock that the batch may need; the writing statement refuses what is gone by then
select sku_id, warehouse_id, on_hand, reserved, allocated, safety, frozen
from stock_level where sku_id = any (%(skus)s);

-- name: levels_locked - the same after a lost race: locked, always in this order, after the orders (docs/locking.md)
select sku_id, warehouse_id, on_hand, reserved, allocated, safety, frozen
from stock_level where sku_id = any (%(skus)s) order by sku_id, warehouse_id for update;

-- name: loads - works given to each warehouse today
select warehouse_id, works from warehouse_load where day = %(day)s;
