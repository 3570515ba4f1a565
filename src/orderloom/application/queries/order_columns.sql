-- Columns of an order list, each of the orders of one page.

-- name: own
select id::text, note, external_number, refunded, paid_at from orders where id = any (%(ids)s::uuid[])

-- name: goods - the first line, and of how many kinds the order is
select distinct on (l.order_id) l.order_id::text, coalesce(nullif(l.title, ''), nullif(s.name, ''), l.sku_external),
    coalesce(s.code, l.sku_external), l.quantity_ordered,
    (count(*) over (partition by l.order_id))::int
from order_line l left join sku s on s.id = l.sku_id
where l.order_id = any (%(ids)s::uuid[]) order by l.order_id, l.line_no

-- name: limit - the platform's time while the order is not out, else the stage's own
select o.id::text, coalesce(s.ship_by, d.due_at), case when s.ship_by is null then o.staged_at else o.placed_at end,
    case when s.ship_by is null then 'stage' else 'ship_by' end
from orders o
left join order_ship_by s on s.order_id = o.id and s.is_open
left join lateral (
    select due_at from deadline d where d.subject_kind = 'order' and d.subject_id = o.id and d.kind = 'stage_overdue'
        and d.of = o.stage and d.state in ('pending', 'fired') and d.due_at > o.staged_at
    order by due_at desc limit 1) d on true
where o.id = any (%(ids)s::uuid[]) and coalesce(s.ship_by, d.due_at) is not null

-- name: hold
select distinct on (subject_id) subject_id::text, type, reason, placed_at,
    (count(*) over (partition by subject_id))::int
from hold where subject_kind = 'order' and released_at is null and subject_id = any (%(ids)s::uuid[])
order by subject_id, hold_no desc

-- name: warehouses
select distinct w.order_id::text, h.code from work w join warehouse h on h.id = w.warehouse_id
where w.order_id = any (%(ids)s::uuid[]) and w.state <> 'cancelled' order by 1, 2

-- name: waybills
select distinct i.order_id::text, p.carrier, p.waybill from parcel_item i join parcel p on p.id = i.parcel_id
where i.order_id = any (%(ids)s::uuid[]) and not i.is_replaced order by 1, 3

-- name: tags
select x.order_id::text, t.name, t.colour from order_tag x join tag t on t.name = x.tag
where x.order_id = any (%(ids)s::uuid[]) order by x.order_id, x.at, t.name

-- name: cases
select distinct order_id::text, kind from case_file
where order_id = any (%(ids)s::uuid[]) and resolved_at is null order by 1, 2

-- name: fields
select order_id::text, field, value from order_field where order_id = any (%(ids)s::uuid[]) order by 1, 2
