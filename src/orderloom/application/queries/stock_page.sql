-- One SKU's stock.

-- name: id
select id from sku where code = %(code)s

-- name: head
select kind, unit from sku where id = %(sku)s

-- name: claims
select c.system, w.code, c.meaning, c.quantity,
    case c.meaning when 'physical' then l.on_hand when 'net_of_orders' then l.on_hand - l.allocated
        when 'atp' then l.free end,
    c.as_of
from stock_claim c join warehouse w on w.id = c.warehouse_id
left join stock_level l on l.sku_id = c.sku_id and l.warehouse_id = c.warehouse_id
where c.sku_id = %(sku)s order by c.system, w.code limit %(most)s

-- name: components
select s.code, s.name, c.quantity, f.free, (f.free / c.quantity)::integer
from sku_component c join sku s on s.id = c.component_id
cross join lateral (
    select coalesce(sum(l.free), 0)::integer as free
    from stock_level l join warehouse w on w.id = l.warehouse_id and w.is_active where l.sku_id = c.component_id
) f
where c.bundle_id = %(sku)s order by s.code

-- name: bundles
select s.code from sku_component c join sku s on s.id = c.bundle_id where c.component_id = %(sku)s order by 1 limit 100
