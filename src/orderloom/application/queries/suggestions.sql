-- What is to be bought: what SKUs have and sell, and who brings them.

-- name: facts - the next SKUs by code that may be at their point: with safety stock, sales of the last 7 days, less than nothing
-- there, or orders that wait. Consignees' stock is theirs; goods in transit are on their way to us
with waits as materialized (
    select coalesce(c.component_id, l.sku_id) as sku_id,
        sum((l.quantity_ordered - l.quantity_cancelled - l.quantity_fulfilled) * coalesce(c.quantity, 1))::bigint as units
    from (
        select id from orders where is_short and not is_cancelled order by paid_at nulls last, id limit %(most)s::integer
    ) o
    join order_line l on l.order_id = o.id left join sku_component c on c.bundle_id = l.sku_id
    where l.quantity_ordered - l.quantity_cancelled > l.quantity_fulfilled group by 1
), picked as (
    select s.id, s.code, s.name from sku s
    where s.code > %(after)s and s.kind = 'goods' and s.is_active
        and not exists (select from sku_component c where c.bundle_id = s.id) and {where}
        and (%(all)s or exists (select from stock_level l where l.sku_id = s.id and (l.safety > 0 or l.on_hand < l.reserved + l.allocated))
            or exists (select from sales_hour h where h.sku_id = s.id and h.warehouse_id = 0 and h.hour >= %(since)s::timestamptz)
            or exists (select from waits w where w.sku_id = s.id))
    order by s.code limit %(limit)s
)
select p.code, p.name, p.id, coalesce(v.on_hand, 0), coalesce(v.frozen, 0), coalesce(v.promised, 0), coalesce(w.units, 0),
    coalesce(v.safety, 0), coalesce(v.in_transit, 0), coalesce(b.units, 0), coalesce(x.units, 0)
from picked p
left join waits w on w.sku_id = p.id
left join lateral (
    select sum(l.on_hand) filter (where h.kind <> 'transit')::bigint as on_hand,
        sum(l.frozen) filter (where h.kind <> 'transit')::bigint as frozen,
        sum(l.reserved + l.allocated) filter (where h.kind <> 'transit')::bigint as promised,
        sum(l.safety) filter (where h.kind <> 'transit')::bigint as safety,
        sum(l.on_hand) filter (where h.kind = 'transit')::bigint as in_transit
    from stock_level l join warehouse h on h.id = l.warehouse_id and h.kind <> 'consignee' and (h.is_active or h.kind = 'transit')
    where l.sku_id = p.id
) v on true
left join lateral (
    select sum(l.quantity - l.received - l.cancelled)::bigint as units
    from purchase_line l join purchase_ticket t on t.id = l.ticket_id
    where l.sku_id = p.id and t.state in ('ordered', 'in_transit')
) b on true
left join lateral (
    select sum(h.units + h.in_bundles)::bigint as units from sales_hour h
    where h.sku_id = p.id and h.warehouse_id = 0 and h.hour >= %(since)s::timestamptz
) x on true
order by p.code

-- name: terms - who brings these SKUs
select y.sku_id, r.id, r.code, r.lead_days, y.minimum, y.pack, y.cost, y.cost_currency, y.priority
from supply y join supplier r on r.id = y.supplier_id and r.is_active
where y.sku_id = any (%(skus)s::integer[]) and y.is_active order by y.sku_id, r.code

-- name: drafts - units in drafts of purchase tickets, of these SKUs
select l.sku_id, sum(l.quantity)::bigint from purchase_line l join purchase_ticket t on t.id = l.ticket_id
where t.state = 'draft' and l.sku_id = any (%(skus)s::integer[]) group by 1
