-- What moving stock starts from.

-- name: levels - as they are, not locked
select l.sku_id, l.warehouse_id, l.on_hand, l.reserved, l.allocated, l.safety, l.frozen, l.set_aside
from stock_level l
join unnest(%(sku)s::integer[], %(warehouse)s::smallint[]) as n (sku, house)
    on n.sku = l.sku_id and n.house = l.warehouse_id

-- name: codes
select id, code from sku where id = any (%(ids)s::integer[])
