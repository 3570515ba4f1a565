-- name: of_order
select id::text, order_id::text, at, by_actor, body, mentions, contacted_at, promised_at
from order_note where order_id = %(id)s::uuid order by at desc, id desc limit %(limit)s

-- name: mentions
select n.id::text, n.order_id::text, n.at, n.by_actor, n.body, n.mentions, n.contacted_at, n.promised_at, o.number,
    n.at > coalesce(s.upto, '-infinity')
from order_note n join orders o on o.id = n.order_id left join mentions_seen s on s.name = %(name)s
where n.mentions @> array[%(name)s::text] order by n.at desc, n.id desc limit %(limit)s

-- name: promises - what somebody promised and is not out of the world: the newest promise of each order, the most urgent
-- first
select o.number, o.id::text, n.promised_at, n.by_actor from orders o join lateral (
    select promised_at, by_actor from order_note
    where order_id = o.id and promised_at is not null order by at desc, id desc limit 1
) n on true
where o.id in (select order_id from order_note where promised_at > %(after)s and by_actor = %(by)s)
    and n.by_actor = %(by)s and not o.is_cancelled and o.phase not in ('delivered', 'returned', 'cancelled')
order by n.promised_at limit %(limit)s

-- name: pending
select kind, of, due_at from deadline
where subject_kind = 'order' and subject_id = %(id)s::uuid and state = 'pending' order by due_at limit 50
