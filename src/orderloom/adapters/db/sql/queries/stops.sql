-- Regions that carriers have stopped.

-- name: add
insert into carrier_stop (carrier, division, begins_at, ends_at, reason, source, told_by, told_at)
values (%(carrier)s, %(division)s, %(begins_at)s, %(ends_at)s, %(reason)s, %(source)s, %(told_by)s, %(told_at)s)
returning id;

-- name: end
update carrier_stop set ended_at = %(at)s, ended_by = %(by)s where id = %(id)s and ended_at is null;

-- name: end_over - whose time is over
update carrier_stop set ended_at = %(at)s, ended_by = 'clock' where ended_at is null and ends_at <= %(at)s;

-- name: open_count
select count(*) from carrier_stop where ended_at is null;

-- name: to_meet - the first one that has begun and whose works were not looked at
select id, 'T' || id, carrier, division, begins_at, ends_at, reason, source from carrier_stop
where met_at is null and ended_at is null and begins_at <= %(at)s order by begins_at, id limit 1;

-- name: met
update carrier_stop set met_at = %(at)s where id = %(id)s;

-- name: orders_to_meet - with works that are not out and go by the carrier (empty: any) to these places or from these
-- warehouses, after an order
select distinct w.order_id::text from work w join orders o on o.id = w.order_id
where w.carrier <> '' and w.state not in ('handed_over', 'cancelled')
    and (%(carrier)s = '' or w.carrier = %(carrier)s) and w.order_id::text > %(after)s
    and (w.warehouse_id = any (%(houses)s::smallint[]) or %(everywhere)s
        or o.receiver_province = any (%(provinces)s::text[])
        or (o.receiver_province || '/' || o.receiver_city) = any (%(cities)s::text[]))
order by 1 limit %(limit)s;

-- name: silent - parcels by carrier and city on their way without news since `before`, out since `since` at the earliest,
-- and how many of those that are on their way have had news
select p.carrier, o.receiver_province, o.receiver_city, count(distinct p.id) filter (where p.heard_at <= %(before)s),
    count(distinct p.id) filter (where p.heard_at > %(before)s)
from parcel p join parcel_item i on i.parcel_id = p.id join orders o on o.id = i.order_id
where p.state in ('collected', 'in_transit', 'out_for_delivery') and p.shipped_at >= %(since)s
    and o.receiver_country = 'CN' and o.receiver_city <> ''
group by 1, 2, 3 having count(distinct p.id) filter (where p.heard_at <= %(before)s) >= %(least)s
order by 4 desc limit 100;

-- name: found - stops in force that were found from tracking
select id, carrier, division from carrier_stop where ended_at is null and source = 'tracking';
