-- Units that are bound without a cause.

-- name: leaks - of one SKU, or (null) of all; holds and levels in one snapshot
with active as materialized (
    select * from stock_hold where state = 'active' and (%(sku)s::integer is null or sku_id = %(sku)s::integer)
), held as (
    select h.sku_id, h.warehouse_id,
        coalesce(sum(h.quantity) filter (where h.kind = 'reservation'), 0) as reserved,
        coalesce(sum(h.quantity) filter (where h.kind = 'allocation'), 0) as allocated
    from active h group by 1, 2
), idle as materialized (
    select * from active h where not exists (
        select from work w where w.order_id = h.order_id and w.state not in ('handed_over', 'cancelled'))
), found as (
    select h.sku_id, h.warehouse_id,
        case when o.id is null then 'order_gone' when o.is_cancelled then 'order_cancelled' else 'order_out' end as why,
        h.kind, h.quantity::bigint as quantity, coalesce(o.number, '') as number, h.order_id::text as order_id, h.held_at, h.hold_no
    from (select * from idle union all select * from active a where not exists (
        select from idle i where i.order_id = a.order_id) and not exists (select from orders o where o.id = a.order_id)
    ) h left join orders o on o.id = h.order_id
    left join order_line l on l.order_id = h.order_id and l.line_no = h.line_no
    where o.id is null or o.is_cancelled or l.quantity_shipped >= l.quantity_ordered - l.quantity_cancelled
    union all
    select coalesce(l.sku_id, h.sku_id), coalesce(l.warehouse_id, h.warehouse_id), 'not_held', k.kind,
        k.level - k.held, '', '', null, 0
    from (
        select * from stock_level where %(sku)s::integer is null or sku_id = %(sku)s::integer
    ) l
    full join held h on h.sku_id = l.sku_id and h.warehouse_id = l.warehouse_id
    cross join lateral (values
        ('reservation', coalesce(l.reserved, 0)::bigint, coalesce(h.reserved, 0)::bigint),
        ('allocation', coalesce(l.allocated, 0)::bigint, coalesce(h.allocated, 0)::bigint)) as k (kind, level, held)
    where k.level <> k.held
)
select s.code, w.code, f.why, f.kind, f.quantity::bigint, f.number, f.order_id, f.held_at, f.hold_no
from found f join sku s on s.id = f.sku_id join warehouse w on w.id = f.warehouse_id
order by f.held_at nulls first, s.code, w.code, f.order_id limit %(most)s::integer

-- name: told - what cases are open about them
select subject from case_file where kind = 'stock_leaked' and resolved_at is null and not is_group
