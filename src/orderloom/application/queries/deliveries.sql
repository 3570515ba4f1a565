-- The outbox: what is to leave, what left, what stuck.

-- name: page
select d.id::text, d.position, a.code, d.kind, d.order_id::text, o.number, d.order_key, d.state, d.attempts, d.due_at,
    d.last_error, d.created_at, d.done_at,
    substring(case when d.last_error = '' then d.answer else d.last_error end from '^(?:\w+: HTTP |\{"status":")([0-9]{3})')::integer
from (select * from delivery where {where} order by id desc limit %(limit)s) d
join account a on a.id = d.account_id left join orders o on o.id = d.order_id
order by d.id desc

-- name: body
select body, answer, pruned_at, encode(body_digest, 'hex') from delivery where id = %(id)s::uuid

-- name: tries
select at, error from delivery_try where delivery_id = %(id)s::uuid order by at desc limit %(limit)s

-- name: history
select at, by, kind, reason from delivery_event where delivery_id = %(id)s::uuid order by seq
