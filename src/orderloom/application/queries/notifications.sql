-- Messages to people: who was told what, and what became of it.

-- name: page
select t.id::text, n.rule, n.subject, n.severity, t.recipient, a.code, t.step, {state}, t.held_by, t.created_at,
    t.due_at, d.done_at, coalesce(d.attempts, 0), coalesce(d.last_error, ''), t.delivery_id::text,
    (select count(*) from telling o where o.delivery_id = t.delivery_id), n.case_id::text, n.order_id::text, o.number,
    n.acknowledged_at, n.acknowledged_by, n.ended_why
from telling t join notice n on n.id = t.notice_id
left join account a on a.id = t.account_id
left join delivery d on d.id = t.delivery_id
left join orders o on o.id = n.order_id
where {where} order by t.id desc limit %(limit)s

-- name: recipients
select r.recipient, a.code, r.shown, r.kept_at, r.kept_by from recipient_address r join account a on a.id = r.account_id
order by r.recipient, a.code

-- name: addresses
select recipient, account_id from recipient_address
