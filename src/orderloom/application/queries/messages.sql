-- What landed and what became of it.

-- name: page
select m.id::text, a.code, a.connector, m.topic, m.event_id, m.received_at, m.body_size, i.outcome, i.reason, i.detail,
    i.park_key, i.order_id::text, o.number, i.attempts, i.processed_at
from (select * from intake where {where} order by message_id desc limit %(limit)s) i
join message m on m.id = i.message_id join account a on a.id = m.account_id left join orders o on o.id = i.order_id
order by m.id desc

-- name: body
select m.headers, m.body_cipher, encode(m.digest, 'hex'), m.parent_id::text from message m where m.id = %(id)s::uuid

-- name: history
select at, by, kind, reason from message_event where message_id = %(id)s::uuid order by seq

-- name: is_reason
select exists (select from intake where outcome = 'parked' and reason = %(reason)s)
    or exists (select from intake where outcome = 'quarantined' and reason = %(reason)s)
    or exists (select from intake where outcome = 'discarded' and reason = %(reason)s)

-- name: standing - what these have become, and the order's number
select i.message_id::text, i.outcome, i.reason, o.number from intake i left join orders o on o.id = i.order_id
where i.message_id = any (%(ids)s::uuid[])

-- name: of_orders - what orders were made of, and what waits for them
select order_id::text, message_id::text from intake
where order_id = any (%(ids)s::uuid[]) and outcome in ('parked', 'normalised') order by message_id
