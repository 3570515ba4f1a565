-- name: keep - per push and SKU the oldest sale at another shop among what moved between two transactions
with told as (
    select * from unnest(%(delivery)s::uuid[], %(account)s::smallint[], %(sku)s::integer[], %(part)s::integer[])
        as t (delivery_id, account_id, sku_id, part_id)
), sold as materialized (
    select distinct on (m.sku_id, o.account_id) m.sku_id, o.account_id, o.placed_at, o.received_at, m.at
    from stock_movement m join orders o on o.id = m.order_id
    where m.sku_id in (select part_id from told) and m.xid >= %(since)s::xid8 and m.xid < %(until)s::xid8
        and m.kind in ('reserve', 'allocate')
    order by m.sku_id, o.account_id, m.at
)
insert into sale_wait (delivery_id, sku_id, account_id, sold_by, placed_at, received_at, moved_at)
select distinct on (t.delivery_id, t.sku_id) t.delivery_id, t.sku_id, t.account_id, s.account_id, s.placed_at,
    s.received_at, s.at
from told t join sold s on s.sku_id = t.part_id and s.account_id <> t.account_id
order by t.delivery_id, t.sku_id, s.at
on conflict do nothing;

-- name: add_up - a push that waited may have taken newer figures in: of those it was due when they moved. An order that was placed a day before we heard of it was read from the past: its landing took no time,
-- and neither did that of one whose clock is ahead of ours; the steps within the hub have one clock each
with ended as (
    delete from sale_wait w using (
        select x.delivery_id, x.sku_id, d.state, greatest(d.created_at, x.moved_at) as created_at, d.sent_at, d.done_at
        from sale_wait x left join delivery d on d.id = x.delivery_id
        where d.id is null or d.done_at is not null and d.state <> 'parked' or x.moved_at < %(abandoned)s
        limit %(limit)s
    ) d
    where w.delivery_id = d.delivery_id and w.sku_id = d.sku_id
    returning w.account_id, w.sku_id, w.sold_by, w.placed_at, w.received_at, w.moved_at, d.state, d.created_at,
        coalesce(d.sent_at, d.done_at) as sent_at, d.done_at
), timed as (
    select account_id, sku_id, sold_by, date_trunc('hour', done_at) as hour, array[
        case when received_at - placed_at between interval '0' and interval '1 day' then received_at - placed_at
            else interval '0' end,
        moved_at - received_at, created_at - moved_at, sent_at - created_at, done_at - sent_at] as steps
    from ended where state = 'done'
), millis as (
    select account_id, sku_id, sold_by, hour, (
        select array_agg((greatest(extract(epoch from s), 0) * 1000)::bigint order by n)
        from unnest(steps) with ordinality as u (s, n)) as ms
    from timed
), bounded as (
    select *, coalesce((select min(b) from unnest(%(bounds)s::bigint[]) b where b >= ms[2] + ms[3] + ms[4] + ms[5]), 0)
        as within_ms, ms[1] + ms[2] + ms[3] + ms[4] + ms[5] as total
    from millis
)
insert into sale_shown as h (account_id, hour, within_ms, count, landing_ms, route_ms, publish_ms, queue_ms, answer_ms,
    worst_ms, worst_sku_id, worst_sold_by, worst_steps)
select account_id, hour, within_ms, count(*), sum(ms[1]), sum(ms[2]), sum(ms[3]), sum(ms[4]), sum(ms[5]), max(total),
    (array_agg(sku_id order by total desc, sku_id))[1], (array_agg(sold_by order by total desc, sku_id))[1],
    (select w.ms from bounded w where w.account_id = b.account_id and w.hour = b.hour and w.within_ms = b.within_ms
        order by w.total desc, w.sku_id limit 1)
from bounded b group by account_id, hour, within_ms
on conflict (account_id, hour, within_ms) do update set count = h.count + excluded.count,
    landing_ms = h.landing_ms + excluded.landing_ms, route_ms = h.route_ms + excluded.route_ms,
    publish_ms = h.publish_ms + excluded.publish_ms, queue_ms = h.queue_ms + excluded.queue_ms,
    answer_ms = h.answer_ms + excluded.answer_ms, worst_ms = greatest(h.worst_ms, excluded.worst_ms),
    worst_sku_id = case when excluded.worst_ms > h.worst_ms then excluded.worst_sku_id else h.worst_sku_id end,
    worst_sold_by = case when excluded.worst_ms > h.worst_ms then excluded.worst_sold_by else h.worst_sold_by end,
    worst_steps = case when excluded.worst_ms > h.worst_ms then excluded.worst_steps else h.worst_steps end;

-- name: forget
delete from sale_shown where hour < %(before)s;
