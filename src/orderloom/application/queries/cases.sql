-- Anomalies, open ones first.

-- name: page
select c.id::text, c.kind, c.subject, c.order_id::text, o.number, a.code, c.owner, c.opened_at, c.due_at, c.seen_at,
    c.sightings, c.tries, c.resolved_at, c.resolved_by, c.resolution, c.cause, c.is_group,
    case when c.is_group then (select count(*) from case_member m where m.case_id = c.id and m.resolved_at is null)
        else (c.resolved_at is null)::int end, c.taken_at, c.taken_by, c.evidence
from (select * from case_file where {where} order by id desc limit %(limit)s) c
left join orders o on o.id = c.order_id left join account a on a.id = c.account_id
order by c.id desc

-- name: members
select m.subject, m.order_id::text, o.number, m.seen_at, m.resolved_at, m.resolved_by
from (select * from case_member where case_id = %(case)s::uuid and {where} order by subject limit %(limit)s) m
left join orders o on o.id = m.order_id
order by m.subject

-- name: history
select at, by, kind, detail from case_event where case_id = %(id)s::uuid order by seq limit %(limit)s
