-- name: doubts - what was asked of carriers and whose answer was lost, oldest first, with the request that may be made again
select x.kind, x.number, x.work_no, o.number, x.box, a.code, x.carrier, x.state, x.error, x.asked_by, x.asked_at, d.id, d.state
from (
    select case when l.state = 'cancelling' then 'label_cancel' else 'label' end as kind, l.number, l.work_no, l.box, l.account_id,
        l.carrier, l.state, l.error, l.asked_by, l.asked_at, l.order_id
    from label l where l.state in ('in_doubt', 'cancelling') or (l.state = 'asked' and l.asked_at < %(before)s)
    union all
    select case when p.state = 'cancelling' then 'pickup_cancel' else 'pickup' end, p.number, p.work_no, p.box, p.account_id,
        p.carrier, p.state, p.error, p.asked_by, p.asked_at, p.order_id
    from pickup p where p.state in ('in_doubt', 'cancelling') or (p.state = 'asked' and p.asked_at < %(before)s)
) x
join account a on a.id = x.account_id join orders o on o.id = x.order_id
left join lateral (
    select d.id::text as id, d.state from delivery d
    where d.order_id = x.order_id and d.kind = x.kind
        and x.number = d.body::jsonb ->> case when x.kind like 'label%%' then 'label_no' else 'pickup_no' end
    order by d.position desc limit 1) d on true
where x.state <> 'cancelling' or d.state = 'parked'
order by x.asked_at limit %(limit)s
