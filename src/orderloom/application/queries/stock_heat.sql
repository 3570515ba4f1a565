-- How fast goods sell: units of SKUs by hour or day, as `adapters/db/sql/queries/sales.sql` adds them up.

-- name: best - SKUs of which most was sold
select s.id, s.code, s.name, sum(h.units)::bigint, sum(h.in_bundles)::bigint
from sales_hour h join sku s on s.id = h.sku_id
where h.hour >= %(since)s and h.hour < %(until)s and (%(accounts)s::smallint[] is null or h.account_id = any (%(accounts)s))
    and case when %(warehouses)s::smallint[] is null then h.warehouse_id = 0 else h.warehouse_id = any (%(warehouses)s) end
    and {where}
group by s.id, s.code, s.name order by sum(h.units + h.in_bundles) desc, s.code limit %(limit)s

-- name: worst - SKUs with stock of which least was sold; of those alike the one that most lies of
select s.id, s.code, s.name, coalesce(h.units, 0)::bigint, coalesce(h.in_bundles, 0)::bigint
from (
    select sku_id, sum(on_hand) as on_hand from stock_level
    where %(warehouses)s::smallint[] is null or warehouse_id = any (%(warehouses)s)
    group by sku_id having sum(on_hand) > 0
) l
join sku s on s.id = l.sku_id and s.is_active and s.kind = 'goods'
left join (
    select sku_id, sum(units) as units, sum(in_bundles) as in_bundles from sales_hour
    where hour >= %(since)s and hour < %(until)s and (%(accounts)s::smallint[] is null or account_id = any (%(accounts)s))
        and case when %(warehouses)s::smallint[] is null then warehouse_id = 0 else warehouse_id = any (%(warehouses)s) end
    group by sku_id
) h on h.sku_id = s.id
where {where}
order by coalesce(h.units + h.in_bundles, 0), l.on_hand desc, s.code limit %(limit)s

-- name: cells - units of these SKUs by hour (none given: no zone) or by the seller's day
select sku_id, case when %(zone)s::text = '' then to_char(hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:00:00"Z"')
    else to_char(hour at time zone %(zone)s::text, 'YYYY-MM-DD') end, sum(units)::bigint, sum(in_bundles)::bigint
from sales_hour
where sku_id = any (%(skus)s) and hour >= %(since)s and hour < %(until)s
    and (%(accounts)s::smallint[] is null or account_id = any (%(accounts)s))
    and case when %(warehouses)s::smallint[] is null then warehouse_id = 0 else warehouse_id = any (%(warehouses)s) end
group by 1, 2

-- name: freshness - when the first fact happened that is not added up yet; null: there is none
select (select e.at from order_event e where e.xid >= w.xid and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by e.xid limit 1)
from watermark w where starts_with(w.name, 'sales ') order by w.moved_at desc limit 1
