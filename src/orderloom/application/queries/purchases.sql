-- Suppliers, what they bring, and purchase tickets as they are shown; what a supplier sees of them.

-- name: suppliers
select r.code, r.name, r.lead_days, r.is_active,
    (select count(*) from supply y where y.supplier_id = r.id and y.is_active)::integer,
    (select count(*) from purchase_ticket t where t.supplier_id = r.id and t.state in ('ordered', 'in_transit'))::integer
from supplier r order by not r.is_active, r.code limit %(limit)s

-- name: supplies
select r.code, s.code, s.name, y.minimum, y.pack, y.cost, y.cost_currency, y.priority, y.is_active
from supply y join supplier r on r.id = y.supplier_id join sku s on s.id = y.sku_id
where {where} order by r.code, s.code limit %(limit)s

-- name: list - newest first; who is limited sees those of whose lines one is theirs
select t.number, t.state, r.code, r.name, h.code, t.reason, t.maker, t.currency, t.amount, t.promised_on,
    t.promised_on < %(today)s::date and t.state in ('ordered', 'in_transit'), t.opened_at, t.changed_at, t.line_count,
    coalesce(l.quantity, 0), coalesce(l.received, 0), coalesce(l.rest, 0), t.id::text
from purchase_ticket t join supplier r on r.id = t.supplier_id left join warehouse h on h.id = t.warehouse_id
left join lateral (
    select sum(x.quantity)::bigint as quantity, sum(x.received)::bigint as received,
        sum(x.quantity - x.received - x.cancelled)::bigint as rest
    from purchase_line x where x.ticket_id = t.id
) l on true
where {where}
order by t.id desc limit %(limit)s

-- name: one
select t.id::text, t.number, t.state, r.code, r.name, h.code, t.reason, t.maker, t.currency, t.amount, t.promised_on,
    t.promised_first, t.ordered_at, t.shipped_at, t.waybill, t.receipts, t.answer, t.opened_at, t.changed_at, t.line_count,
    t.promised_on < %(today)s::date and t.state in ('ordered', 'in_transit')
from purchase_ticket t join supplier r on r.id = t.supplier_id left join warehouse h on h.id = t.warehouse_id
where t.number = %(number)s

-- name: lines
select l.ticket_id::text, l.line_no, s.code, s.name, l.quantity, l.cost, l.received, l.found, l.cancelled, l.sku_id
from purchase_line l join sku s on s.id = l.sku_id where l.ticket_id = any (%(ids)s::uuid[]) order by l.ticket_id, l.line_no

-- name: vmi - the SKUs that a supplier brings, with what lies there where we sell from
select s.id, s.code, s.name, r.code, r.name, y.minimum, y.pack, r.lead_days, coalesce(v.on_hand, 0), coalesce(v.available, 0)
from supply y join supplier r on r.id = y.supplier_id join sku s on s.id = y.sku_id
left join lateral (
    select sum(l.on_hand)::bigint as on_hand, sum(l.free)::bigint as available
    from stock_level l join warehouse h on h.id = l.warehouse_id and h.is_active and h.kind not in ('consignee', 'transit')
    where l.sku_id = s.id
) v on true
where {where}
order by s.code, r.code limit %(limit)s

-- name: sent - when tickets were ordered, and what they travel under
select id::text, ordered_at, waybill from purchase_ticket where id = any (%(ids)s::uuid[])

-- name: terms_of
select y.sku_id, y.minimum, y.pack, y.cost, y.cost_currency from supply y join supplier r on r.id = y.supplier_id
where r.code = %(supplier)s and y.sku_id = any (%(skus)s::integer[]) and y.is_active
