-- The log of facts as people search it, and how the audit stands.

-- name: sealed
select number, at from audit_checkpoint order by number desc limit 1

-- name: checks
select at, by, extract(epoch from at - began_at)::integer, is_deep, orders, events, checkpoints, unsealed, refolded,
    faults::text
from audit_check order by at desc, id desc limit %(limit)s

-- name: under_way
select id::text from job where kind = %(kind)s and state in ('waiting', 'running') order by id limit 1

-- name: facts - backwards by transaction, so many at most; of an instant the checkpoint of then says the transaction.
-- There is always a row: how many were looked at and the last of them, beside what was found.
with looked as materialized (
    select e.xid, e.order_id, e.seq, e.kind, e.at, e.actor from order_event e
    where e.xid < coalesce((select to_xid from audit_checkpoint where at >= %(until)s::timestamptz
            order by at, number limit 1), '18446744073709551615'::xid8)
        and e.xid >= coalesce((select from_xid from audit_checkpoint where at <= %(since)s::timestamptz
            order by at desc, number desc limit 1), '0'::xid8)
        and {where}
    order by e.xid desc, e.order_id desc, e.seq desc limit %(looked)s
), found as (
    select * from looked l
    where (%(since)s::timestamptz is null or l.at >= %(since)s) and (%(until)s::timestamptz is null or l.at <= %(until)s)
        and {finds}
    order by l.xid desc, l.order_id desc, l.seq desc limit %(limit)s
), told as (
    select o.number, f.order_id, f.seq, f.kind, f.at, f.actor, e.facts, encode(e.hash, 'hex') as hash, f.xid
    from found f join order_event e on e.order_id = f.order_id and e.seq = f.seq join orders o on o.id = f.order_id
), ended as (
    select (select count(*) from looked) as looked, l.xid, l.order_id, l.seq, l.at
    from (select 1) one left join lateral (select * from looked order by xid, order_id, seq limit 1) l on true
)
select n.looked, n.xid::text, n.order_id::text, n.seq, n.at, t.number, t.order_id::text, t.seq, t.kind, t.at, t.actor,
    t.facts, t.hash, t.xid::text
from ended n left join told t on true order by t.xid desc, t.order_id desc, t.seq desc
