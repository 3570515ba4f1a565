-- name: decided - what an order's log says of where its goods come from and how they go
select seq, at, facts from order_event
where order_id = %(id)s::uuid and kind in ('stock_held', 'stock_short', 'service_chosen', 'promise_moved')
order by seq limit 200

-- name: works
select work_seq, number, warehouse_id, state, service, carrier, cost, promised_at from work
where order_id = %(id)s::uuid order by work_seq

-- name: outcome
select arm, rule, promised_at, ended_at, is_on_time, is_split, is_returned, cost, parcels from routing_outcome
where order_id = %(id)s::uuid

-- name: sku_codes
select id, code from sku where id = any (%(ids)s::integer[])

-- name: stops
select id, carrier, division, begins_at, ends_at, reason, source, told_by, told_at, ended_at, ended_by,
    met_at is not null
from carrier_stop where (%(ids)s::integer[] is null or id = any (%(ids)s::integer[]))
    and (not %(in_force)s or ended_at is null)
order by id desc limit 500

-- name: arms - what became of decisions since, by arm and rule version
select o.arm, o.rule, count(*), count(*) filter (where o.is_on_time), count(*) filter (where o.is_split),
    count(*) filter (where o.is_returned), sum(o.cost)::bigint, sum(o.parcels)::bigint
from routing_outcome o where o.ended_at >= %(since)s group by 1, 2 order by 1, 2 limit 200
