-- Figures of stock that alarm somebody: levels below zero, quotas without goods, SKUs that run low, systems that fell silent.

-- name: levels - all of these SKUs, and what is wrong with each; empty: nothing. What is promised beyond what lies there
-- is `oversold` already, unless the book itself says less than nothing
select s.code || '@' || w.code, s.code, w.code, l.on_hand, l.free, l.set_aside, l.safety, case
    when l.on_hand < 0 then 'stock_negative'
    when l.free >= 0 then ''
    when l.set_aside > 0 then 'quota_unbacked'
    when l.reserved + l.allocated > l.on_hand - l.frozen then ''
    else 'stock_negative' end
from stock_level l join sku s on s.id = l.sku_id join warehouse w on w.id = l.warehouse_id
where l.sku_id = any (%(skus)s);

-- name: low - goods with stock, the free units of each where we sell from, and its limit (0: never low)
select s.code, sum(l.free)::bigint, case when s.is_active then coalesce(s.low_at, %(units)s) else 0 end
from stock_level l join warehouse w on w.id = l.warehouse_id and w.is_active and w.kind <> 'consignee'
join sku s on s.id = l.sku_id and s.kind = 'goods'
where l.sku_id = any (%(skus)s) group by s.code, s.is_active, s.low_at;

-- name: stocked - every SKU that has a level
select distinct sku_id from stock_level;

-- name: silent - the last instant of which each of these systems stated stock; none: it never did
select a.id, a.code, c.as_of
from unnest(%(ids)s::smallint[], %(codes)s::text[]) as a (id, code)
cross join lateral (select max(as_of) as as_of from stock_claim where system = a.code) c
where c.as_of is not null;

-- name: untold - shops that wait since then for a figure that is queued: since when, in how many streams, are any parked
select a.id, a.code, min(d.created_at), count(*), bool_or(d.state = 'parked')
from account a cross join generate_series(0, %(streams)s - 1) n
cross join lateral (
    select d.created_at, d.state from delivery d
    where d.account_id = a.id and d.order_key = 'stock:' || n and d.state in ('due', 'parked')
    order by d.position limit 1
) d
where a.family = 'channels' and a.is_active and d.created_at <= %(before)s group by a.id, a.code;

-- name: unpublished - since when a movement waits to be looked at, if any does
select m.at from watermark w cross join lateral (
    select at from stock_movement where xid >= w.xid order by xid limit 1
) m
where w.name = 'stock' and m.at <= %(before)s;

-- name: hushed - of these subjects those whose case a person closed since then: it is not opened again for the same
select kind, subject from case_file
where kind = any (%(kinds)s) and subject = any (%(subjects)s) and resolved_at >= %(since)s and resolved_by <> %(by)s;

-- name: told - which of these subjects have an open case of one of these kinds
select c.kind, c.subject from case_file c
where c.kind = any (%(kinds)s) and c.resolved_at is null and not c.is_group
    and (%(subjects)s::text[] is null or c.subject = any (%(subjects)s))
union all
select g.kind, m.subject from case_file g join case_member m on m.case_id = g.id and m.resolved_at is null
where g.kind = any (%(kinds)s) and g.is_group and g.resolved_at is null
    and (%(subjects)s::text[] is null or m.subject = any (%(subjects)s));
