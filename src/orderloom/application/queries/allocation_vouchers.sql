-- name: work - who has it, since when: a warehouse's system by its answer in the log, others by their own.
select w.number, o.number, h.code, coalesce(nullif(w.accepted_by, ''), a.code, ''), w.wave, w.state,
    coalesce(w.accepted_at, (
        select min(e.at) from order_event e
        where e.order_id = w.order_id and e.kind = 'work_moved' and w.account_id is not null
            and e.facts::jsonb ->> 'negotiation' = 'accepted' and (e.facts::jsonb ->> 'seq')::int = w.work_seq)),
    (select jsonb_agg(jsonb_build_array(code, units) order by code) from (
        select s.code, sum(l.quantity)::bigint as units from work_line l join sku s on s.id = l.sku_id
        where l.order_id = w.order_id and l.work_seq = w.work_seq group by s.code) x)
from work w join orders o on o.id = w.order_id join warehouse h on h.id = w.warehouse_id
left join account a on a.id = w.account_id
where w.number = %(work)s
