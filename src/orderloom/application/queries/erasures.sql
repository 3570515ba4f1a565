-- Who was forgotten on request, and what a wish to be forgotten would be about.

-- name: erasures - the newest first
select id::text, by_actor, reason, at, orders, done, refused, vouchers, labels, notes, deliveries, texts,
    ended_at
from erasure where (%(after)s::uuid is null or id < %(after)s::uuid) order by id desc limit %(limit)s

-- name: by_phone
select id::text from orders where receiver_phone_index = %(phone)s order by id limit %(limit)s

-- name: rows
select o.id::text, o.number, o.stage, o.blueprint, o.is_erased, (
    select count(*) from delivery d where d.order_id = o.id and d.state in ('due', 'parked'))
from orders o where o.id = any (%(ids)s::uuid[]) order by o.id

-- name: counts - what would be emptied; files that hold others, too, are apart
with recursive own as (
    select i.message_id as id, false as is_shared from intake i where i.order_id = any (%(ids)s::uuid[])
    union select e.message_id, false from order_event e
    where e.order_id = any (%(ids)s::uuid[]) and e.message_id is not null
    union select m.parent_id, true from own join message m on m.id = own.id where m.parent_id is not null
)
select (select count(distinct own.id) from own join message m on m.id = own.id where m.erased_for is null),
    (select count(distinct own.id) from own join message m on m.id = own.id where m.erased_for is null and own.is_shared),
    (select count(*) from label where order_id = any (%(ids)s::uuid[]) and length(print_cipher) > 0),
    (select count(*) from order_note where order_id = any (%(ids)s::uuid[]) and body <> ''),
    (select count(*) from delivery where order_id = any (%(ids)s::uuid[]) and pruned_at is null),
    (select count(*) from case_file where order_id = any (%(ids)s::uuid[])),
    (select count(*) from job where kind = 'export_orders' and file_until is not null)
