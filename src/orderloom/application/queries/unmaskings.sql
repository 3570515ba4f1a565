-- name: unmaskings - the newest first: ids are given in the order of time
select u.id::text, coalesce(o.number, ''), case when o.id is null then u.order_id::text else '' end, u.who, u.reason, u.at
from unmasking u left join orders o on o.id = u.order_id
where (%(after)s::uuid is null or u.id < %(after)s::uuid) and (%(who)s = '' or u.who = %(who)s)
    and (%(order)s::uuid is null or u.order_id = %(order)s::uuid)
order by u.id desc limit %(limit)s
