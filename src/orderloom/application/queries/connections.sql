-- How ill each connection is, since when, and what waits for it.

-- name: health - waiting counts end at the bound: more than it is told as more than it
select a.id, p.pulled_at, p.failing_since, p.last_error, t.failures, t.received, d.waiting, d.orders, d.oldest,
    d.last_error, m.pending, m.parked, coalesce(b.tokens, '{}'),
    (select count(*) from case_file c where c.resolved_at is null and c.account_id = a.id)
from account a
left join pull_cursor p on p.account_id = a.id
left join lateral (
    select coalesce(sum(quantity) filter (where measure in ('pull_failed', 'send_failed')), 0)::bigint as failures,
        coalesce(sum(quantity) filter (where measure = 'received'), 0)::bigint as received
    from tally where account_id = a.id and hour > %(since)s
) t on true
left join lateral (
    select count(*) as waiting, count(distinct order_id) as orders, min(created_at) as oldest,
        (array_agg(last_error order by position) filter (where last_error <> ''))[1] as last_error
    from (select order_id, created_at, last_error, position from delivery
        where account_id = a.id and state in ('due', 'parked') limit %(most)s) w
) d on true
left join lateral (
    select count(*) filter (where outcome = 'pending') as pending, count(*) filter (where outcome = 'parked') as parked
    from (
        (select outcome from intake where outcome = 'pending' and account_id = a.id limit %(most)s)
        union all (select outcome from intake where outcome = 'parked' and account_id = a.id limit %(most)s)
    ) i
) m on true
left join lateral (
    select jsonb_object_agg(api, jsonb_build_array(tokens, extract(epoch from %(at)s - filled_at))) as tokens
    from pace where account_id = a.id
) b on true
where %(code)s in ('', a.code) order by a.id

-- name: pulls - readings hour by hour: what came, what failed
select hour, coalesce(sum(quantity) filter (where measure = 'received'), 0)::bigint,
    coalesce(sum(quantity) filter (where measure = 'duplicates'), 0)::bigint,
    coalesce(sum(quantity) filter (where measure = 'pull_failed'), 0)::bigint,
    coalesce(sum(quantity) filter (where measure = 'send_failed'), 0)::bigint
from tally where account_id = %(account)s and hour > %(since)s group by hour order by hour desc
