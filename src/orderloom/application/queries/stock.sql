-- Stock as it is, who binds it, and the ledger that explains it.

-- name: levels
select s.id, w.id, s.code, s.name, w.code, l.on_hand, l.reserved, l.allocated, l.safety, l.frozen, l.free,
    l.reserved + l.allocated > l.on_hand - l.frozen, l.set_aside
from stock_level l join sku s on s.id = l.sku_id join warehouse w on w.id = l.warehouse_id
where {where} order by l.sku_id, l.warehouse_id limit %(limit)s

-- name: holders
select h.order_id::text, h.hold_no, o.number, a.code, o.stage, o.phase, w.code, h.line_no, h.quantity, h.kind, h.held_at,
    coalesce(q.number, '')
from stock_hold h left join stock_quota q on q.id = h.quota_id join orders o on o.id = h.order_id join account a on a.id = o.account_id
join warehouse w on w.id = h.warehouse_id
where h.state = 'active' and h.sku_id = (select id from sku where code = %(sku)s)
    and (h.order_id, h.hold_no) > (%(order)s::uuid, %(hold)s)
order by h.order_id, h.hold_no limit %(limit)s

-- name: movements
select m.xid::text, s.code, w.code, m.kind, m.on_hand, m.reserved, m.allocated, m.safety, m.frozen, m.cause, m.reason,
    m.actor, m.at, m.order_id::text, m.set_aside
from (select * from stock_movement where {where} order by xid desc, cause desc, kind desc limit %(limit)s) m
join sku s on s.id = m.sku_id join warehouse w on w.id = m.warehouse_id
order by m.xid desc, m.cause desc, m.kind desc
