-- Who holds units of a SKU, beside orders.

-- name: quotas
select w.code, q.number, q.kept, coalesce(nullif(q.campaign, ''), nullif(q.customer, ''), a.code, ''), q.starts_at
from stock_quota q join warehouse w on w.id = q.warehouse_id left join account a on a.id = q.account_id
where q.sku_id = %(sku)s and q.state = 'open' and q.kept > 0 order by q.number

-- name: people - what is safe or frozen by warehouse, and who moved it last
select w.code, k.bucket, k.units, coalesce(m.cause, ''), coalesce(m.actor, ''), coalesce(m.reason, ''), m.at
from stock_level l join warehouse w on w.id = l.warehouse_id
cross join lateral (values ('safety', l.safety), ('frozen', l.frozen)) as k (bucket, units)
left join lateral (
    select cause, actor, reason, at from stock_movement s
    where s.sku_id = l.sku_id and s.warehouse_id = l.warehouse_id
        and case k.bucket when 'safety' then s.safety else s.frozen end <> 0
    order by xid desc limit 1
) m on true
where l.sku_id = %(sku)s and k.units <> 0 order by w.code, k.bucket
