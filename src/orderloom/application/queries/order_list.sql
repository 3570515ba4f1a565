-- Lists of orders: a page is found by ids alone, then dressed.

-- name: ids
select orders.id::text, {key} from {source} where {where} order by {sorting} limit %(limit)s

-- name: count
select count(*)::int from (select 1 from orders where {where} limit %(limit)s) fitting

-- name: rows
select o.id::text, o.number, a.code, a.connector, o.external_id, o.phase, o.stage, o.payment, o.fulfilment, o.parcel,
    o.holds_active, o.currency, o.total, o.paid, o.placed_at, o.received_at, o.staged_at,
    (select coalesce(sum(l.quantity_ordered), 0)::int from order_line l where l.order_id = o.id),
    o.flags, o.receiver_cipher
from orders o join account a on a.id = o.account_id where o.id = any (%(ids)s::uuid[])

-- name: receivers
select id::text, receiver_cipher from orders where id = any (%(ids)s::uuid[])
