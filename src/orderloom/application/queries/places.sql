-- Warehouses and carriers as they stand today.

-- name: warehouses - what is bound is counted up to a bound
with bound as (
    select warehouse_id, count(distinct order_id) as orders, min(held_at) as oldest
    from (select warehouse_id, order_id, held_at from stock_hold where state = 'active' limit %(most)s) h
    group by warehouse_id
), lying as (
    select warehouse_id, count(*) filter (where on_hand > 0) as skus, sum(on_hand)::bigint as units
    from stock_level group by warehouse_id
)
select w.code, w.name, w.country, w.province, w.city, a.code, a.connector, coalesce(a.is_active, true), w.priority,
    w.daily_capacity, w.serves, w.is_active, coalesce(b.orders, 0), b.oldest, coalesce(l.works, 0),
    coalesce(y.skus, 0), coalesce(y.units, 0), w.is_floor
from warehouse w left join account a on a.id = w.account_id
left join bound b on b.warehouse_id = w.id
left join warehouse_load l on l.warehouse_id = w.id and l.day = %(today)s
left join lying y on y.warehouse_id = w.id
where w.kind <> 'transit'
order by w.priority, w.code

-- name: carriers
select a.code, a.title, a.connector, a.is_active, a.is_well, a.health, coalesce(l.day, 0), coalesce(l.week, 0),
    l.last_at, d.waiting, d.parked, coalesce(d.last_error, '')
from account a
left join lateral (
    select count(*) filter (where answered_at > %(day)s) as day, count(*) as week, max(answered_at) as last_at
    from label where account_id = a.id and state = 'bought' and answered_at > %(week)s
) l on true
left join lateral (
    select count(*) filter (where state = 'due') as waiting, count(*) filter (where state = 'parked') as parked,
        (array_agg(last_error order by position desc) filter (where last_error <> ''))[1] as last_error
    from (select state, last_error, position from delivery
        where account_id = a.id and state in ('due', 'parked') limit %(most)s) w
) d on true
where a.family = 'carriers' and a.ended_at is null order by a.code

-- name: parcels - under way, by carrier
select carrier, count(*) from (
    select carrier from parcel where state not in ('delivered', 'returned', 'lost') limit %(most)s) p
group by carrier
