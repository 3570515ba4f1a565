-- Quotas as people see them: what they wanted, what is kept of it, what was drawn.

-- name: quotas
select q.number, s.code, s.name, w.code, coalesce(a.code, ''), q.campaign, q.customer, q.quantity, q.kept, q.drawn,
    q.draw_order, q.may_fall_through, q.starts_at, q.ends_at, q.state, coalesce(l.set_aside > 0 and l.free < 0, false),
    q.promised_on
from (select * from stock_quota where {where} order by number desc limit %(limit)s) q
join sku s on s.id = q.sku_id join warehouse w on w.id = q.warehouse_id left join account a on a.id = q.account_id
left join stock_level l on l.sku_id = q.sku_id and l.warehouse_id = q.warehouse_id
order by q.number desc
