-- What became of one message.

-- name: facts - of the order that it is about
select e.seq, e.kind, e.at from order_event e
where e.order_id = %(order)s::uuid and e.message_id = %(id)s::uuid order by e.seq limit %(limit)s

-- name: cases - open ones that wait for it, groups that have it too
select c.id::text, c.kind, c.opened_at from case_file c
where c.resolved_at is null and c.kind = %(kind)s and c.subject = any (%(subjects)s)
union
select g.id::text, g.kind, g.opened_at from case_file g join case_member m on m.case_id = g.id
where g.is_group and g.resolved_at is null and g.kind = %(kind)s and m.subject = any (%(subjects)s)
    and m.resolved_at is null
limit %(limit)s

-- name: parts - what it was split into
select m.id::text, m.topic, i.outcome, i.reason from message m join intake i on i.message_id = m.id
where m.parent_id = %(id)s::uuid order by m.id limit %(limit)s

-- name: corrections - what people put right in it; the values themselves are sealed
select path, author, reason, at from correction where message_id = %(id)s::uuid order by id limit %(limit)s

-- name: mapping
select mapping from intake where message_id = %(id)s::uuid
