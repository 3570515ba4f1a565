-- The log as a stream. Only rows below the oldest running transaction are read: nothing can appear behind a reader.

-- name: horizon
select pg_snapshot_xmin(pg_current_snapshot())::text

-- name: read
select e.xid::text, e.order_id::text, e.seq, e.kind, e.at, e.actor, e.facts, o.number, a.code
from order_event e join orders o on o.id = e.order_id join account a on a.id = o.account_id
where e.xid >= %(xid)s::text::xid8 and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    and (e.xid, e.order_id, e.seq) > (%(xid)s::text::xid8, %(order)s::uuid, %(seq)s)
order by e.xid, e.order_id, e.seq limit %(limit)s
