-- The live numbers. Those that grow with the number of stored rows are asked seldom (see live.py).

-- name: phases
select phase, count(*) from orders group by phase

-- name: outbox
select count(*), count(*) filter (where state = 'done') from delivery

-- name: unsent
select count(*) filter (where state = 'due'), count(*) filter (where state = 'parked')
from delivery where state in ('due', 'parked')

-- name: waiting
select count(*) filter (where outcome = 'pending'), count(*) filter (where outcome = 'parked'),
    count(*) filter (where outcome = 'quarantined')
from intake where outcome in ('pending', 'parked', 'quarantined')

-- name: minute
select (select count(*) from intake where message_id >= %(minute)s::uuid and outcome <> 'split'),
    (select count(*) from intake where message_id >= %(while)s::uuid and outcome = 'normalised'
        and processed_at >= %(since)s),
    (select count(*) from delivery where id >= %(minute)s::uuid),
    (select count(*) from delivery where id >= %(while)s::uuid and state = 'done' and done_at >= %(since)s)

-- name: horizon
select pg_snapshot_xmin(pg_current_snapshot())::text

-- name: kinds
select kind, count(*), count(*) filter (where at >= %(since)s) from order_event
where xid >= %(from)s::text::xid8 and xid < %(to)s::text::xid8 group by kind

-- name: unpublished
select count(*) from (select 1 from order_event
    where xid >= (select coalesce(min(xid), '0'::xid8) from watermark where name = 'events') limit 100000) e

-- name: last_orders
select o.number, a.code, a.connector, o.stage, o.phase, o.currency, o.total, o.received_at, o.holds_active
from (select * from orders order by id desc limit 20) o join account a on a.id = o.account_id order by o.id desc

-- name: open_cases
select kind, owner, count(*), min(opened_at), min(due_at) from case_file where resolved_at is null
group by kind, owner order by count(*) desc, kind limit 100

-- name: accounts
select code, family, connector, is_active, is_well, health, checked_at from account order by id limit 200
