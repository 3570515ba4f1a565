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

-- name: told - which of these subjects have an open case of one of these kinds
select c.kind, c.subject from case_file c
where c.kind = any (%(kinds)s) and c.subject = any (%(subjects)s) and c.resolved_at is null and not c.is_group
union all
select g.kind, m.subject from case_file g join case_member m on m.case_id = g.id and m.resolved_at is null
where g.kind = any (%(kinds)s) and g.is_group and g.resolved_at is null and m.subject = any (%(subjects)s);
