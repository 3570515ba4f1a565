-- name: ensure - every active account that is pulled has a cursor
insert into pull_cursor (account_id, at)
select id, %(since)s from account where is_active and connector = any (%(connectors)s)
on conflict (account_id) do nothing;

-- name: take - lease accounts that are to be read now. What was read, moved or leased "later than now" was so by a clock
-- that ran ahead: such an account is taken at once, and its cursor goes back to before the clock can have been wrong
update pull_cursor p
set lease_until = %(lease_until)s,
    at = case when t.was_ahead then least(p.at, %(again)s) else p.at end,
    key = case when t.was_ahead then '' else p.key end,
    pulled_at = case when t.was_ahead then null else p.pulled_at end
from (
    select c.account_id, greatest(c.at, c.pulled_at) > %(latest)s as was_ahead
    from pull_cursor c join account a on a.id = c.account_id and a.is_active
    where (c.due_at <= %(at)s and (c.lease_until is null or c.lease_until < %(at)s)
            or greatest(c.at, c.pulled_at) > %(latest)s or c.lease_until > %(lease_latest)s)
        and a.connector = any (%(connectors)s)
    order by c.due_at for update of c skip locked limit 20
) t
where p.account_id = t.account_id
returning p.account_id, p.at, p.key, p.failures, t.was_ahead;

-- name: set_back - the clock just went back by so much: whatever was moved before may have been moved too far by as much
update pull_cursor set at = at - %(by)s::interval, key = '', due_at = least(due_at, %(at)s);

-- name: move - the page is durable: the next pull starts here. `started` is what the clock said when this pull began: a
-- clock that ran ahead then, and is right again now, is noticed by it even if this process dies before `done`
update pull_cursor
set at = %(cursor_at)s, key = %(key)s, lease_until = %(lease_until)s, pulled_at = greatest(pulled_at, %(started)s)
where account_id = %(account)s;

-- name: stay - a page that does not move the cursor
update pull_cursor set lease_until = %(lease_until)s where account_id = %(account)s;

-- name: done
update pull_cursor
set due_at = %(due_at)s, lease_until = null, failures = %(failures)s, last_error = %(error)s,
    pulled_at = greatest(%(at)s, %(started)s),
    failing_since = case when %(failures)s > 0 then coalesce(failing_since, %(at)s) end
where account_id = %(account)s;

-- name: ensure_sweeps - every account whose source can be swept has a sweep, which begins where its cursor stands
insert into pull_walk (account_id, kind, scope, since, at, due_at)
select a.id, 'sweep', 'all', p.at, p.at, %(at)s from account a join pull_cursor p on p.account_id = a.id
where a.is_active and a.connector = any (%(connectors)s)
on conflict (account_id, kind) do nothing;

-- name: take_walks - lease walks that are to go on. A lease or due time further ahead than any is, or a sweep ahead of now,
-- was written by a clock that ran ahead; such a sweep goes back
update pull_walk w
set lease_until = %(lease_until)s,
    at = case when w.kind = 'sweep' and w.at > %(latest)s then %(again)s else w.at end
from (
    select c.account_id, c.kind from pull_walk c join account a on a.id = c.account_id and a.is_active
    where c.finished_at is null and (c.due_at <= %(at)s or c.due_at > %(due_latest)s)
        and (c.lease_until is null or c.lease_until < %(at)s or c.lease_until > %(lease_latest)s)
    order by c.due_at for update of c skip locked limit 20
) t
where w.account_id = t.account_id and w.kind = t.kind
returning w.account_id, w.kind, w.scope, w.until, w.at, w.key, w.failures,
    (select p.at from pull_cursor p where p.account_id = w.account_id);

-- name: move_walk - the page is durable: a killed walk goes on here
update pull_walk
set at = %(cursor_at)s, key = %(key)s, landed = landed + %(landed)s, lease_until = %(lease_until)s
where account_id = %(account)s and kind = %(kind)s;

-- name: count_walk - a page that did not move the walk
update pull_walk set landed = landed + %(landed)s, lease_until = %(lease_until)s
where account_id = %(account)s and kind = %(kind)s;

-- name: count_found - orders that the source had left out, in whatever reading it was noticed
update pull_walk set found = found + %(found)s where account_id = %(account)s and kind = 'sweep';

-- name: end_walk - a backfill is finished once it stands where the live pull began
update pull_walk
set due_at = %(due_at)s, lease_until = null, failures = %(failures)s, last_error = %(error)s,
    finished_at = case when kind = 'backfill' and at >= until then %(at)s end
where account_id = %(account)s and kind = %(kind)s;

-- name: health
update account set is_well = %(is_well)s, health = %(health)s, checked_at = %(at)s
where id = %(account)s and (is_well is distinct from %(is_well)s or health <> %(health)s
    or checked_at is null or checked_at < %(at)s - interval '1 minute');

-- name: clock - by how much a platform's clock is ahead of ours, when that changed or was not looked at for a minute
insert into account_sign (account_id, clock_ahead_seconds, clock_seen_at) values (%(account)s, %(ahead)s, %(at)s)
on conflict (account_id) do update set clock_ahead_seconds = excluded.clock_ahead_seconds,
    clock_seen_at = excluded.clock_seen_at
where account_sign.clock_ahead_seconds is distinct from excluded.clock_ahead_seconds
    or account_sign.clock_seen_at < excluded.clock_seen_at - interval '1 minute';

-- name: silent - parcels on their way that nobody has told of for a while
update parcel p
set asked_at = %(at)s
from (
    select id from parcel
    where state not in ('delivered', 'returned', 'lost') and heard_at < %(heard_before)s
        and (asked_at is null or asked_at < %(heard_before)s) and waybill not like '?%%'
        and exists (select from parcel_item i where i.parcel_id = parcel.id and not i.is_replaced)
    order by heard_at limit %(limit)s for update skip locked
) t
where p.id = t.id
returning p.carrier, p.waybill, (
    select o.receiver_phone_last4 from parcel_item i join orders o on o.id = i.order_id
    where i.parcel_id = p.id and not i.is_replaced order by i.order_id limit 1
);

-- name: short_orders - orders that wait for one of these SKUs, who waits longest first; in the order of an index, so that
-- it ends with the first who are asked for, however many wait
select o.id::text from orders o
where o.is_short and not o.is_cancelled
    and exists (
        select from order_line l left join sku_component c on c.bundle_id = l.sku_id
        where l.order_id = o.id and coalesce(c.component_id, l.sku_id) = any (%(skus)s)
    )
order by o.paid_at nulls last, o.id
limit %(limit)s offset %(passed)s;

-- name: short_orders_by_ship_time - the same, who is to ship soonest first
select o.id::text from orders o
where o.is_short and not o.is_cancelled
    and exists (
        select from order_line l left join sku_component c on c.bundle_id = l.sku_id
        where l.order_id = o.id and coalesce(c.component_id, l.sku_id) = any (%(skus)s)
    )
order by o.facts ->> 'ship_by' nulls last, o.paid_at nulls last, o.id
limit %(limit)s offset %(passed)s;

-- name: level - one stock level, locked; made on first use
insert into stock_level (sku_id, warehouse_id) values (%(sku)s, %(warehouse)s)
on conflict (sku_id, warehouse_id) do update set on_hand = stock_level.on_hand
returning sku_id, warehouse_id, on_hand, reserved, allocated, safety, frozen, set_aside;

-- name: booked - what was booked under a cause that is no order's
select s.code, w.code, m.kind, m.on_hand, m.safety, m.frozen from stock_movement m
join sku s on s.id = m.sku_id join warehouse w on w.id = m.warehouse_id where m.cause = %(cause)s and m.order_id is null limit 1;

-- name: booked_all - the same of several causes; of two lines under one cause the one that went out
select distinct on (m.cause) m.cause, s.code, w.code, m.kind, m.on_hand, m.safety, m.frozen from stock_movement m
join sku s on s.id = m.sku_id join warehouse w on w.id = m.warehouse_id
where m.cause = any (%(causes)s::text[]) and m.order_id is null order by m.cause, m.kind desc;

-- name: requeue - take stored messages through the route again; of those that were discarded, who brought them back
with asked as materialized (
    select message_id, outcome from intake
    where message_id = any (%(ids)s::uuid[]) and outcome in ('parked', 'normalised', 'discarded')
    order by message_id for update
), queued as (
    update intake i set outcome = 'pending', lane = 1 from asked a where i.message_id = a.message_id
    returning i.message_id
), told as (
    insert into message_event (message_id, at, by, kind, reason)
    select message_id, %(at)s, %(by)s, 'brought_back', '' from asked where outcome = 'discarded'
)
select message_id::text from queued;

-- name: requeue_parked - every parked message of a reason (or of all), oldest first
update intake set outcome = 'pending'
where message_id in (
    select message_id from intake where outcome = 'parked' and (%(reason)s = '' or reason = %(reason)s)
    order by message_id limit %(limit)s
)
returning message_id::text;

-- name: requeue_met - parked messages that wait for a channel's order that is there (`waits.py: order_key`)
update intake set outcome = 'pending'
where message_id in (
    select i.message_id from intake i
    where i.outcome = 'parked' and i.park_key ^@ 'order:' and exists (
        select from orders o where o.account_id = split_part(i.park_key, ':', 2)::smallint
            and o.external_id = substr(i.park_key, length(split_part(i.park_key, ':', 2)) + 8))
    limit %(limit)s
)
returning message_id::text;

-- name: requeue_kin - the last message of orders that came lately, were split off from another one or that one themselves
-- (`split.py`), and were not compared with it
update intake set outcome = 'pending'
where message_id in (
    select m.message_id from (
        select c.id as part, p.id as whole from orders c
        join orders p on p.account_id = c.account_id and p.external_id = c.parent_external_id
        where c.id >= %(since)s::uuid and c.parent_external_id <> '' and not (c.is_cancelled or p.is_cancelled)
        union
        select c.id, p.id from orders p
        join orders c on c.account_id = p.account_id and c.parent_external_id = p.external_id
            and c.parent_external_id <> ''
        where p.id >= %(since)s::uuid and not (c.is_cancelled or p.is_cancelled)
    ) k
    cross join lateral (
        select i.message_id from intake i where i.order_id = k.part and i.outcome = 'normalised'
        order by i.message_id desc limit 1
    ) m
    where not exists (
        select from hold h
        where h.subject_kind = 'order' and h.subject_id in (k.part, k.whole) and h.type = 'split_at_channel')
    limit %(limit)s
)
returning message_id::text;

-- name: one_teller - live reading and sweep of an account tell of one case: one after the other
select pg_advisory_xact_lock(hashtext('pull_incomplete'), %(account)s);

-- name: left_out - what is told so far of an account's stretches of time
select evidence from case_file where kind = 'pull_incomplete' and subject = %(code)s and resolved_at is null;

-- name: count_failure - one more reading that failed in this hour
insert into tally (account_id, hour, measure, quantity) values (%(account)s, %(hour)s, 'pull_failed', 1);
