-- What buyers had as gifts, for rules that give once, and how many orders they had before, for rules that ask.

-- name: buyers - whose orders these are, by a blind index, and the telephone's
select account_id, external_id, id::text, coalesce(buyer_index, receiver_phone_index, merge_key), receiver_phone_index
from orders where id = any (%(ids)s::uuid[]);

-- name: before - orders of each telephone that were there before the one that asks ('': before any new one)
select a.no, (select count(*) from (
    select from orders o where o.receiver_phone_index = a.phone and not o.is_cancelled
        and (a.asking = '' or o.id < nullif(a.asking, '')::uuid)
    limit 100) x)
from unnest(%(no)s::integer[], %(phone)s::bytea[], %(asking)s::text[]) as a (no, phone, asking);

-- name: had - gifts that these buyers had once; one stands while its line is out, or open in an order that lives
select g.buyer, g.gift, g.order_id::text, exists (
    select from orders o join order_line l on l.order_id = o.id
    where o.id = g.order_id and l.external_id in ('gift:' || g.gift, 'gift!:' || g.gift)
        and (l.quantity_shipped > 0 or not (l.is_closed or o.is_cancelled)))
from gift_once g where g.buyer = any (%(buyers)s::bytea[]);

-- name: void - rows of orders whose gift came to nothing make room
delete from gift_once g using unnest(%(buyer)s::bytea[], %(gift)s::text[], %(order)s::uuid[]) as v (buyer, gift, order_id)
where g.buyer = v.buyer and g.gift = v.gift and g.order_id = v.order_id;

-- name: keep - whoever finds a row there was not the first
insert into gift_once (buyer, gift, order_id, given_at)
select buyer, gift, order_id, %(at)s
from unnest(%(buyer)s::bytea[], %(gift)s::text[], %(order)s::uuid[]) as n (buyer, gift, order_id)
order by buyer, gift on conflict do nothing;
