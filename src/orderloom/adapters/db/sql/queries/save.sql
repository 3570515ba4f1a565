-- name: levels - add a batch's movements to the levels; "enough free" is enforced here, in the statement itself: what is
-- taken from everybody out of what is free, all that is bound to orders out of what is there at all, whatever is set aside.
-- Rows are locked in one fixed order first, so that two batches never wait for each other (docs/locking.md).
with locked as materialized (
    select l.sku_id, l.warehouse_id, d.on_hand, d.reserved, d.allocated, d.safety, d.frozen, d.set_aside, d.taken, d.bound
    from unnest(%(sku_id)s::integer[], %(warehouse_id)s::integer[], %(on_hand)s::integer[], %(reserved)s::integer[],
        %(allocated)s::integer[], %(safety)s::integer[], %(frozen)s::integer[], %(set_aside)s::integer[],
        %(taken)s::integer[], %(bound)s::integer[])
        as d (sku_id, warehouse_id, on_hand, reserved, allocated, safety, frozen, set_aside, taken, bound)
    join stock_level l on l.sku_id = d.sku_id and l.warehouse_id = d.warehouse_id::smallint
    order by l.sku_id, l.warehouse_id for update of l
)
update stock_level l
set on_hand = l.on_hand + d.on_hand, reserved = l.reserved + d.reserved, allocated = l.allocated + d.allocated,
    safety = l.safety + d.safety, frozen = l.frozen + d.frozen, set_aside = l.set_aside + d.set_aside
from locked d
where l.sku_id = d.sku_id and l.warehouse_id = d.warehouse_id
    and (d.taken <= 0 or l.free >= d.taken) and (d.bound <= 0 or l.free + l.set_aside >= d.bound)
    and l.set_aside + d.set_aside >= 0;

-- name: quotas - what was drawn of quotas and given back; one that was closed or drawn meanwhile is left alone
with locked as materialized (
    select q.id, d.kept, d.drawn
    from unnest(%(ids)s::uuid[], %(kept)s::integer[], %(drawn)s::integer[]) as d (id, kept, drawn)
    join stock_quota q on q.id = d.id
    order by q.id for update of q
)
update stock_quota q
set kept = q.kept + d.kept, drawn = q.drawn + d.drawn
from locked d
where q.id = d.id and q.kept + d.kept >= 0 and q.drawn + d.drawn >= 0 and (d.kept = 0 or q.state = 'open')
    and (d.drawn <= 0 or q.state = 'open' and q.kept + d.kept + q.drawn + d.drawn <= q.quantity);

-- name: loads - count the works given to each warehouse today
insert into warehouse_load (warehouse_id, day, works)
select d.warehouse_id, %(day)s, d.works
from jsonb_to_recordset(%(loads)s::jsonb) as d (warehouse_id smallint, works integer)
order by d.warehouse_id
on conflict (warehouse_id, day) do update set works = warehouse_load.works + excluded.works;

-- name: deadlines - look at known orders again; the same look set twice in one instant is one
insert into deadline (subject_kind, subject_id, kind, of, due_at, blueprint, catch_up, state)
select u.subject_kind, u.subject_id, u.kind, u.of, u.due_at, u.blueprint, u.catch_up, 'pending'
from unnest(%(subject_kind)s::text[], %(subject_id)s::uuid[], %(kind)s::text[], %(of)s::text[],
    %(due_at)s::timestamptz[], %(blueprint)s::integer[], %(catch_up)s::text[])
    as u (subject_kind, subject_id, kind, of, due_at, blueprint, catch_up)
on conflict do nothing;

-- name: recall - work that has not left is not to leave any more. Order by order, and the state so that no index serves
-- it: by the statistics of an empty outbox the planner would compare everything due with every work.
update delivery d
set state = 'cancelled', done_at = %(at)s
from (
    select c.id from jsonb_to_recordset(%(works)s::jsonb) as w (order_id uuid, number text)
    cross join lateral (
        select o.id from delivery o
        where o.order_id = w.order_id and o.kind = 'work' and o.state || '' in ('due', 'parked')
            and o.body::jsonb ->> 'work_no' = w.number and (o.lease_until is null or o.state = 'parked')
        offset 0
    ) c
) t
where d.id = t.id and d.state || '' in ('due', 'parked') and (d.lease_until is null or d.state = 'parked');

-- name: lock_waits - see `waiting.py`. Some keys have one lock, each lock is taken once and all in their order: two
-- batches that bring parcels and have to wait for others would else wait for each other
select case when is_alone then pg_advisory_xact_lock(hashtext('orderloom/waits'), place)
    else pg_advisory_xact_lock_shared(hashtext('orderloom/waits'), place) end
from (
    select hashtext(k) & 63 as place, bool_or(w) as is_alone from (
        select unnest(%(released)s::text[]), false union all select unnest(%(missing)s::text[]), true
    ) g (k, w) group by 1 order by 1
) b;

-- name: requeue - parked messages whose reason is gone go on
update intake
set outcome = 'pending'
where outcome = 'parked' and park_key = any (%(keys)s);

-- name: figures - what systems say they have
insert into stock_claim (system, warehouse_id, sku_id, meaning, quantity, as_of, message_id)
select d.system, d.warehouse_id, d.sku_id, d.meaning, d.quantity, d.as_of, d.message_id
from jsonb_to_recordset(%(figures)s::jsonb) as d (system text, warehouse_id smallint, sku_id integer, meaning text,
    quantity integer, as_of timestamptz, message_id uuid)
order by 1, 2, 3
on conflict (system, warehouse_id, sku_id) do update
set meaning = excluded.meaning, quantity = excluded.quantity, as_of = excluded.as_of, message_id = excluded.message_id
where stock_claim.as_of <= excluded.as_of;

-- name: learnt - what became of routing decisions; one that turns back is told anew
insert into routing_outcome (order_id, arm, rule, promised_at, ended_at, is_on_time, is_split, is_returned, cost, parcels)
select order_id, arm, rule, promised_at, ended_at, is_on_time, is_split, is_returned, cost, parcels
from jsonb_to_recordset(%(outcomes)s::jsonb) as o (order_id uuid, arm text, rule text, promised_at timestamptz,
    ended_at timestamptz, is_on_time boolean, is_split boolean, is_returned boolean, cost bigint, parcels integer)
on conflict (order_id) do update set ended_at = excluded.ended_at, is_on_time = excluded.is_on_time,
    is_returned = excluded.is_returned, cost = excluded.cost, parcels = excluded.parcels;
