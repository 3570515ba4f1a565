-- Lists of orders: a page is found by id alone (newest first), then dressed.

-- name: page
select o.id::text, o.number, a.code, a.connector, o.external_id, o.phase, o.stage, o.payment, o.fulfilment, o.parcel,
    o.holds_active, o.currency, o.total, o.paid, o.placed_at, o.received_at, o.staged_at,
    (select coalesce(sum(l.quantity_ordered), 0)::int from order_line l where l.order_id = o.id),
    o.flags, o.receiver_cipher
from (select * from orders where {where} order by id desc limit %(limit)s) o
join account a on a.id = o.account_id
order by o.id desc

-- name: exact
select id from orders where number = %(number)s
union
select o.id from account a join orders o on o.account_id = a.id and o.external_id = %(external)s
union
select o.id from account a join orders o on o.account_id = a.id and o.external_number <> ''
    and o.external_number in (%(external)s, '#' || %(external)s)
limit 200

-- name: id_of
select id::text from orders where number = %(ref)s

-- name: ids_of - of many, by number or id
select number, id::text from orders where number = any (%(refs)s)
union
select id::text, id::text from orders where id = any (%(ids)s::uuid[])

-- name: id_of_external
select o.id::text, o.number, a.code from account a join orders o on o.account_id = a.id and o.external_id = %(ref)s
union
select o.id::text, o.number, a.code from account a join orders o on o.account_id = a.id and o.external_number <> ''
    and o.external_number in (%(ref)s, '#' || %(ref)s)
order by 1 desc limit 20

-- name: id_of_uuid
select id::text from orders where id = %(ref)s::uuid

-- name: stored_receiver
select receiver_cipher, buyer_index from orders where id = %(id)s::uuid

-- name: buyer_index
select buyer_index from orders where id = %(id)s::uuid
