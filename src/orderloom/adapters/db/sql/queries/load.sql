-- name: find_external - ids of orders by channel account and the channel's own id. That the lists come from sub-selects
-- hides their length from the planner: by a list of one it would plan this anew for every order that comes alone. With
-- those that were split off from them at the channel (child), and as rows without an id the keys that parked messages wait
-- for (`waits.py: order_key`). Both are looked up key by key, however many orders were split and messages wait.
with asked as (
    select account_id::smallint as account_id, external_id
    from unnest((select %(accounts)s::integer[]), (select %(externals)s::text[])) as k (account_id, external_id)
)
select 'external', o.account_id, o.external_id, o.id::text
from asked k join orders o on o.account_id = k.account_id and o.external_id = k.external_id
union all
select 'child', k.account_id, k.external_id, c.id::text
from asked k cross join lateral (
    select o.id from orders o
    where o.account_id = k.account_id and o.parent_external_id = k.external_id and o.parent_external_id <> ''
    order by o.id limit 200
) c
union all
select distinct '', k.account_id, k.external_id, '' from asked k
where (select true from intake i
    where i.outcome = 'parked' and i.park_key = 'order:' || k.account_id || ':' || k.external_id limit 1);

-- name: find_ours - ids of orders by number, and by the id that any channel has for them
select k, o.id::text from unnest(%(keys)s::text[]) as k join orders o on o.number = k
union
select k, o.id::text from unnest(%(keys)s::text[]) as k cross join account a
join orders o on o.account_id = a.id and o.external_id = k;

-- name: find_kin - ids of the orders that these were split into at the channel, or from
select m.id::text, o.id::text from orders m
join orders o on o.account_id = m.account_id and o.parent_external_id = m.external_id and o.parent_external_id <> ''
where m.id = any (%(keys)s::uuid[])
union all
select m.id::text, o.id::text from orders m
join orders o on o.account_id = m.account_id and o.external_id = m.parent_external_id
where m.id = any (%(keys)s::uuid[]) and m.parent_external_id <> '';

-- name: find_work - ids of orders by the number of their fulfilment work
select number, order_id::text from work where number = any (%(keys)s);

-- name: find_waybill - ids of the orders in the newest parcel of each waybill, and in others that left about then: several
-- channels may each tell of one box. What left long before is another parcel: carriers use numbers again. Parcels of before
-- were kept as somebody had typed their number.
select n.waybill, i.order_id::text
from (
    select k.waybill, (
        select max(p.shipped_at) from parcel p join parcel_item i on i.parcel_id = p.id
        where upper(replace(p.waybill, ' ', '')) = k.waybill
    ) as shipped_at
    from unnest(%(keys)s::text[]) as k (waybill)
) n
join parcel p on upper(replace(p.waybill, ' ', '')) = n.waybill and p.shipped_at >= n.shipped_at - interval '30 days'
join lateral (select distinct order_id from parcel_item where parcel_id = p.id) i on true
order by n.waybill, i.order_id;

-- name: orders - lock the orders of a batch, always in the order of their ids (docs/locking.md)
select {columns} from orders where id = any (%(ids)s::uuid[]) order by id for update;

-- name: see_orders - the same to look at, for what changes nothing
select {columns} from orders where id = any (%(ids)s::uuid[]) order by id;

-- name: work_lines
select order_id::text, work_seq, line_no, sku_id, quantity
from work_line where order_id = any (%(ids)s::uuid[]) order by order_id, work_seq, line_no, sku_id;

-- name: levels - look at the stock that the batch may need; the writing statement refuses what is gone by then
select sku_id, warehouse_id, on_hand, reserved, allocated, safety, frozen, set_aside
from stock_level where sku_id = any (%(skus)s);

-- name: levels_locked - the same after a lost race: locked, always in this order, after the orders (docs/locking.md)
select sku_id, warehouse_id, on_hand, reserved, allocated, safety, frozen, set_aside
from stock_level where sku_id = any (%(skus)s) order by sku_id, warehouse_id for update;

-- name: levels_and_loads - levels as they are looked at, and under the SKU 0 the works of each warehouse; planned once,
-- see find_external
select sku_id, warehouse_id, on_hand, reserved, allocated, safety, frozen, set_aside
from stock_level where sku_id = any (array(select unnest(%(skus)s::integer[])))
union all
select 0, warehouse_id, works, 0, 0, 0, 0, 0 from warehouse_load where day = %(day)s;

-- name: loads - works given to each warehouse on the seller's day
select warehouse_id, works from warehouse_load where day = %(day)s;

-- name: quotas - counters as they are looked at; the writing statement refuses what is drawn by then
select id::text, kept, drawn, state = 'open', case when is_presale then quantity - drawn else 0 end from stock_quota where id = any (%(ids)s::uuid[]);

-- name: quotas_locked - the same after a lost race: locked, always in this order, after the levels (docs/locking.md)
select id::text, kept, drawn, state = 'open', case when is_presale then quantity - drawn else 0 end from stock_quota where id = any (%(ids)s::uuid[]) order by id for update;
