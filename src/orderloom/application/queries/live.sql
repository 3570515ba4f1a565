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

-- name: follows - how shops follow sales at others, of this hour and the one before
select a.code, coalesce(h.within, '{}'), coalesce(h.steps, '{}'), coalesce(w.waiting, 0)
from account a
left join (
    select account_id, jsonb_object_agg(within_ms::text, count) as within, jsonb_build_object('landing', sum(landing),
        'route', sum(route), 'publish', sum(publish), 'queue', sum(queue), 'answer', sum(answer)) as steps
    from (
        select account_id, within_ms, sum(count)::bigint as count, sum(landing_ms) as landing, sum(route_ms) as route,
            sum(publish_ms) as publish, sum(queue_ms) as queue, sum(answer_ms) as answer
        from sale_shown where hour >= date_trunc('hour', %(since)s::timestamptz) group by 1, 2
    ) b group by account_id
) h on h.account_id = a.id
left join (select account_id, count(*) as waiting from sale_wait group by account_id) w on w.account_id = a.id
where h.account_id is not null or w.account_id is not null
order by a.code;
