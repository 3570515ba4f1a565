-- Anomalies, open ones first.

-- name: page
select c.id::text, c.kind, c.subject, c.order_id::text, o.number, a.code, c.owner, c.opened_at, c.due_at, c.seen_at,
    c.sightings, c.tries, c.resolved_at, c.resolved_by, c.resolution, c.evidence
from (select * from case_file where {where} order by id desc limit %(limit)s) c
left join orders o on o.id = c.order_id left join account a on a.id = c.account_id
order by c.id desc
