-- name: alone - files of stock are booked one after the other
select pg_advisory_xact_lock(hashtext('orderloom/stock_file'));

-- name: booked - what a document brought into the ledger before; every plan uses the index stock_movement_file
select m.cause, m.sku_id, m.warehouse_id, m.kind, m.on_hand
from stock_movement m
where m.cause like 'file/%%' and m.cause ~>=~ %(prefix)s and m.cause ~<~ %(until)s
    and (%(has_numbers)s
        or (m.sku_id, m.warehouse_id) in (select * from unnest(%(sku)s::integer[], %(warehouse)s::smallint[])));

-- name: new_levels
insert into stock_level (sku_id, warehouse_id)
select sku, house from unnest(%(sku)s::integer[], %(warehouse)s::smallint[]) as n (sku, house) order by 1, 2
on conflict do nothing;

-- name: levels - locked in one order
select l.sku_id, l.warehouse_id, l.on_hand, l.reserved, l.allocated, l.safety, l.frozen, l.set_aside
from stock_level l
join unnest(%(sku)s::integer[], %(warehouse)s::smallint[]) as n (sku, house)
    on n.sku = l.sku_id and n.house = l.warehouse_id
order by l.sku_id, l.warehouse_id for update of l;
