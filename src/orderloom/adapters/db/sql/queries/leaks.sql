-- Units that are bound for nobody, set free on somebody's word; the level is locked.

-- name: sums - what the ledger of a level adds up to, and what bindings of orders hold of it
select coalesce(m.reserved, 0)::integer, coalesce(m.allocated, 0)::integer, coalesce(h.reserved, 0)::integer,
    coalesce(h.allocated, 0)::integer
from (
    select sum(reserved) as reserved, sum(allocated) as allocated
    from stock_movement where sku_id = %(sku)s and warehouse_id = %(warehouse)s
) m cross join (
    select sum(quantity) filter (where kind = 'reservation') as reserved,
        sum(quantity) filter (where kind = 'allocation') as allocated
    from stock_hold where state = 'active' and sku_id = %(sku)s and warehouse_id = %(warehouse)s
) h;

-- name: put_right_reservation
update stock_level set reserved = %(units)s where sku_id = %(sku)s and warehouse_id = %(warehouse)s;

-- name: put_right_allocation
update stock_level set allocated = %(units)s where sku_id = %(sku)s and warehouse_id = %(warehouse)s;

-- name: orphan - what a binding holds of a level whose order is gone
select h.quantity, h.kind, coalesce(h.quota_id::text, '') from stock_hold h
where h.order_id = %(order)s::uuid and h.hold_no = %(hold)s and h.state = 'active' and h.sku_id = %(sku)s
    and h.warehouse_id = %(warehouse)s and not exists (select from orders o where o.id = h.order_id);

-- name: free_orphan
update stock_hold set state = 'released' where order_id = %(order)s::uuid and hold_no = %(hold)s and state = 'active';
