-- What is needed to say how much a formula of shown stock could oversell.

-- name: heard - by account: how late the hub heard of its orders, and of how many. What came a day late was read from the
-- past, and is no lag; a clock that is ahead of ours is none either
select o.account_id,
    (extract(epoch from percentile_disc(0.99) within group (order by o.received_at - o.placed_at)) * 1000)::bigint, count(*)
from orders o
where o.placed_at >= %(since)s and o.placed_at < %(until)s
    and o.received_at >= o.placed_at and o.received_at < o.placed_at + interval '1 day'
group by o.account_id

-- name: told - by account: how long the figures of shown stock took from being due to being acknowledged, the newest ones
select d.account_id,
    (extract(epoch from percentile_disc(0.99) within group (order by d.done_at - d.created_at)) * 1000)::bigint, count(*)
from (
    select account_id, kind, created_at, done_at from delivery
    where id >= %(first)s::uuid and kind = 'stock' and state = 'done' order by id desc limit %(limit)s
) d
group by d.account_id

-- name: asked - by SKU and account: the most units that it was asked for in any time as long as the account's lag, and
-- when; all that was asked for; and what was on sale there: [id of the SKU or bundle, units of the SKU in it, base units
-- of one listed unit]. A range of rows cannot have a length that differs by account, so that time is counted in lags
with lag as (
    select * from unnest(%(accounts)s::smallint[], %(lags)s::bigint[]) as l (account_id, millis)
), line as (
    select o.account_id, coalesce(c.component_id, l.sku_id) as sku_id, l.sku_id as offered_id,
        coalesce(c.quantity, 1) as per, l.factor, l.quantity_ordered * coalesce(c.quantity, 1)::bigint as units, o.placed_at,
        o.is_short, (extract(epoch from o.placed_at - %(since)s::timestamptz) * 1000)::bigint * 1000000 / lag.millis as place
    from orders o join order_line l on l.order_id = o.id join lag on lag.account_id = o.account_id
    left join sku_component c on c.bundle_id = l.sku_id
    where o.placed_at >= %(since)s and o.placed_at < %(until)s and l.kind = 'goods' and not o.is_fulfilled_elsewhere
        and l.quantity_ordered > 0
), windowed as (
    select line.*, sum(units) over (partition by sku_id, account_id order by place
        range between 1000001 preceding and current row) as within
    from line
)
select sku_id, account_id, max(within)::bigint, (array_agg(placed_at order by within desc, placed_at))[1],
    sum(units)::bigint, coalesce(sum(units) filter (where is_short), 0)::bigint,
    array_agg(distinct array[offered_id, per, factor])
from windowed group by sku_id, account_id

-- name: unpaid - by SKU: the most units that orders asked for without paying at once, in any time as long as orders wait
-- for their money
with line as (
    select coalesce(c.component_id, l.sku_id) as sku_id, l.quantity_ordered * coalesce(c.quantity, 1)::bigint as units,
        o.placed_at
    from orders o join order_line l on l.order_id = o.id left join sku_component c on c.bundle_id = l.sku_id
    where o.placed_at >= %(since)s and o.placed_at < %(until)s and l.kind = 'goods' and not o.is_fulfilled_elsewhere
        and l.quantity_ordered > 0 and (o.paid_at is null or o.paid_at > o.placed_at)
        and o.account_id = any (%(accounts)s::smallint[])
), windowed as (
    select sku_id, sum(units) over (partition by sku_id order by placed_at
        range between make_interval(secs => %(pays)s) preceding and current row) as within
    from line
)
select sku_id, max(within)::bigint from windowed group by sku_id

-- name: sales - what of some SKUs was asked for, in order of time: with what was on sale, and how long it was not paid for
select coalesce(c.component_id, l.sku_id), o.account_id, l.sku_id, coalesce(c.quantity, 1), l.factor,
    (extract(epoch from o.placed_at - %(since)s::timestamptz) * 1000)::bigint,
    l.quantity_ordered * coalesce(c.quantity, 1)::bigint,
    case when o.paid_at is null then %(pays)s * 1000
        else least(greatest(extract(epoch from o.paid_at - o.placed_at), 0), %(pays)s) * 1000 end::bigint
from orders o join order_line l on l.order_id = o.id left join sku_component c on c.bundle_id = l.sku_id
where o.placed_at >= %(since)s and o.placed_at < %(until)s and l.kind = 'goods' and not o.is_fulfilled_elsewhere
    and l.quantity_ordered > 0 and o.account_id = any (%(accounts)s::smallint[])
    and (l.sku_id = any (%(skus)s::integer[]) or c.component_id = any (%(skus)s::integer[]))
order by o.placed_at limit %(limit)s

-- name: supplied - what became free (or ceased to be) otherwise than by an order that takes it, since then
select m.sku_id, (extract(epoch from m.at - %(since)s::timestamptz) * 1000)::bigint,
    (m.on_hand - m.reserved - m.allocated - m.set_aside - m.safety - m.frozen)::bigint
from stock_movement m join warehouse w on w.id = m.warehouse_id and w.is_active
where m.sku_id = any (%(skus)s::integer[]) and m.at >= %(since)s
    and (m.order_id is null or m.on_hand - m.reserved - m.allocated - m.set_aside - m.safety - m.frozen > 0)
    and m.on_hand - m.reserved - m.allocated - m.set_aside - m.safety - m.frozen <> 0
order by m.at limit %(limit)s

-- name: began - free units of then: those of now without all that was booked since
select l.sku_id, (sum(l.free) - coalesce((
        select sum(m.on_hand - m.reserved - m.allocated - m.set_aside - m.safety - m.frozen)
        from stock_movement m join warehouse v on v.id = m.warehouse_id and v.is_active
        where m.sku_id = l.sku_id and m.at >= %(since)s), 0))::bigint
from stock_level l join warehouse w on w.id = l.warehouse_id and w.is_active
where l.sku_id = any (%(skus)s::integer[]) group by l.sku_id

-- name: names
select id, code, name from sku where id = any (%(skus)s::integer[])

