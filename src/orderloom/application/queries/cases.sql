-- Anomalies: the queue, what hangs on each, and what became of them.

-- name: page
select c.id::text, c.kind, c.subject, c.order_id::text, o.number, a.code, c.owner, c.opened_at, c.due_at, c.seen_at,
    c.sightings, c.tries, c.resolved_at, c.resolved_by, c.resolution, c.cause, c.is_group,
    case when c.is_group then (select count(*) from case_member m where m.case_id = c.id and m.resolved_at is null)
        else (c.resolved_at is null)::int end, c.taken_at, c.taken_by, c.evidence, c.person, a.connector,
    (select s.until from case_snooze s where s.case_id = c.id and s.person = %(me)s and s.until > %(at)s)
from (select * from case_file c where {where} order by {order} limit %(limit)s) c
left join orders o on o.id = c.order_id left join account a on a.id = coalesce(c.account_id, o.account_id)
order by {order}

-- name: hanging - what waits for each of these cases: messages with the money of their orders, else the case's orders
with about as (
    select c.id, c.kind, c.subject, c.order_id from case_file c where c.id = any (%(ids)s::uuid[]) and not c.is_group
    union all
    select c.id, c.kind, m.subject, m.order_id from case_file c cross join lateral (
        select subject, order_id from case_member where case_id = c.id and resolved_at is null limit %(members)s
    ) m where c.id = any (%(ids)s::uuid[]) and c.is_group
), waiting as (
    select a.id, i.message_id, i.landed_at, i.stake, i.currency, i.attempts
    from about a join intake i on i.park_key = a.subject and i.reason = a.kind and a.subject <> ''
    where i.outcome = 'parked'
    union all
    select a.id, i.message_id, i.landed_at, i.stake, i.currency, i.attempts
    from about a join intake i on i.message_id = case when a.subject ~ '^[0-9a-f]{8}-[0-9a-f-]{27}$' then a.subject::uuid end
    where i.outcome = 'parked' and i.park_key = '' and i.reason = a.kind
), owed as (
    select id, stake, currency from waiting where stake is not null
    union all
    select a.id, o.total, o.currency from (select distinct id, order_id from about where order_id is not null) a
    join orders o on o.id = a.order_id
), sums as (
    select id, jsonb_agg(jsonb_build_array(currency, amount) order by currency) as money
    from (select id, currency, sum(stake)::bigint as amount from owed group by id, currency) s group by id
), counts as (
    select id, count(*) as messages, min(landed_at) as oldest_at, max(attempts) - 1 as tries from waiting group by id
)
select c.id::text, coalesce(n.messages, 0), n.oldest_at, coalesce(n.tries, 0), s.money
from unnest(%(ids)s::uuid[]) as c (id) left join counts n on n.id = c.id left join sums s on s.id = c.id

-- name: standing - the first open cases of a queue, to be told by kind and cause
select c.id::text, c.kind, c.cause, c.owner, c.opened_at, c.due_at
from case_file c where {where} order by c.due_at nulls last, c.id limit %(limit)s

-- name: last_mended - the case that ended last
select id::text, kind, opened_at, resolved_at from case_file where resolved_at is not null
order by resolved_at desc limit 1

-- name: past - how cases of a kind ended lately
select count(*), percentile_cont(0.5) within group (order by extract(epoch from resolved_at - opened_at))
from case_file where kind = %(kind)s and resolved_at >= %(since)s

-- name: members
select m.subject, m.order_id::text, o.number, m.seen_at, m.resolved_at, m.resolved_by
from (select * from case_member where case_id = %(case)s::uuid and {where} order by subject limit %(limit)s) m
left join orders o on o.id = m.order_id
order by m.subject

-- name: history
select at, by, kind, detail from case_event where case_id = %(id)s::uuid order by seq limit %(limit)s
