-- Units sold by SKU and hour, added up from the log of facts: a fact is added once, for the place in the log moves in the
-- same transaction. `units` were ordered as this SKU, `in_bundles` as a part of bundles, which count as themselves too.

-- name: forget - counted otherwise than before: everything is added up anew
with gone as (delete from watermark where starts_with(name, 'sales ')), days as (delete from sales_day)
delete from sales_hour;

-- name: sold - by the hour in which orders were placed (warehouse 0: none is chosen yet); what their channel had closed
-- before the hub heard of it, and what is no goods, was not sold
with sold as (
    select o.account_id, date_trunc('hour', o.placed_at, 'UTC') as hour, l.sku_id, sum(l.ordered) as units
    from order_event e join orders o on o.id = e.order_id
    cross join lateral jsonb_to_recordset(e.facts::jsonb -> 'lines')
        as l (sku_id integer, ordered bigint, is_closed boolean, kind text)
    where e.xid >= %(since)s::xid8 and e.xid <= %(last)s::xid8 and e.kind = 'order_recorded'
        and l.ordered > 0 and l.is_closed is not true and coalesce(l.kind, 'goods') = 'goods'
    group by 1, 2, 3
), counted as (
    select account_id, hour, sku_id, units, 0 as in_bundles from sold
    union all
    select s.account_id, s.hour, c.component_id, 0, s.units * c.quantity
    from sold s join sku_component c on c.bundle_id = s.sku_id
)
insert into sales_hour (sku_id, hour, account_id, units, in_bundles)
select sku_id, hour, account_id, sum(units), sum(in_bundles) from counted group by 1, 2, 3 order by 1, 2, 3
on conflict (sku_id, hour, account_id, warehouse_id) do update
set units = sales_hour.units + excluded.units, in_bundles = sales_hour.in_bundles + excluded.in_bundles;

-- name: assigned - by the hour in which a warehouse got the work: goods as they are picked, parts of bundles are parts
insert into sales_hour (sku_id, hour, account_id, warehouse_id, units, in_bundles)
select i.sku_id, date_trunc('hour', e.at, 'UTC'), o.account_id, (e.facts::jsonb ->> 'warehouse_id')::smallint,
    sum(i.quantity), 0
from order_event e join orders o on o.id = e.order_id
cross join lateral jsonb_to_recordset(e.facts::jsonb -> 'items') as i (sku_id integer, quantity bigint)
where e.xid >= %(since)s::xid8 and e.xid <= %(last)s::xid8 and e.kind = 'work_assigned'
group by 1, 2, 3, 4 order by 1, 2, 3, 4
on conflict (sku_id, hour, account_id, warehouse_id) do update set units = sales_hour.units + excluded.units;

-- name: fold - hours of days that are over long ago become the seller's days
with gone as (
    delete from sales_hour where (sku_id, hour, account_id, warehouse_id) in (
        select sku_id, hour, account_id, warehouse_id from sales_hour
        where hour < (%(before)s::date::timestamp at time zone %(zone)s::text) order by hour limit %(limit)s)
    returning *
), kept as (
    insert into sales_day (sku_id, day, account_id, warehouse_id, units, in_bundles)
    select sku_id, (hour at time zone %(zone)s::text)::date, account_id, warehouse_id, sum(units), sum(in_bundles)
    from gone group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (sku_id, day, account_id, warehouse_id) do update
    set units = sales_day.units + excluded.units, in_bundles = sales_day.in_bundles + excluded.in_bundles
)
select count(*) from gone;

-- name: fast - SKUs of which an hour since then sold more than so many per cent of the mean units a day of the 7 days
-- before it, and no fewer than the floor; the hour that is furthest over, first. A hub that has seen no whole day yet
-- knows no daily mean of anything
with hot as (
    select sku_id, hour, sum(units)::bigint as units, sum(in_bundles)::bigint as in_bundles from sales_hour
    where hour >= %(since)s and hour <= %(at)s and warehouse_id = 0
    group by 1, 2 having sum(units + in_bundles) >= %(floor)s
)
select distinct on (s.code) s.code, h.hour, h.units, h.in_bundles, w.units
from hot h join sku s on s.id = h.sku_id
cross join lateral (
    select coalesce(sum(x.units + x.in_bundles), 0)::bigint as units from sales_hour x
    where x.sku_id = h.sku_id and x.warehouse_id = 0 and x.hour >= h.hour - interval '7 days' and x.hour < h.hour
) w
where (h.units + h.in_bundles) * 700 > w.units * %(percent)s
    and (exists (select from sales_day) or exists (select from sales_hour e where e.hour < h.hour - interval '24 hours'))
order by s.code, (h.units + h.in_bundles) * 700 - w.units * %(percent)s desc;
