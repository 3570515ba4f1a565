-- name: ids
select id::text from message where account_id = %(account)s and event_id = any (%(events)s);

-- name: outcomes
select outcome, count(*) from intake where message_id = any (%(ids)s::uuid[]) group by outcome;

-- name: stayed
select m.id::text, m.headers, i.reason, i.detail from intake i join message m on m.id = i.message_id
where i.message_id = any (%(ids)s::uuid[]) and i.outcome = 'parked' order by m.id limit %(limit)s;

-- name: held - what these messages made and does not ship yet
select o.number, o.external_id, array_agg(distinct h.type order by h.type)
from intake i join orders o on o.id = i.order_id
join hold h on h.subject_kind = 'order' and h.subject_id = o.id and h.released_at is null
where i.message_id = any (%(ids)s::uuid[]) and i.outcome = 'normalised' group by o.id, o.number, o.external_id
order by o.number limit %(limit)s;
