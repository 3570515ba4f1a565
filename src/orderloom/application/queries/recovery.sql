-- How long troubles last.

-- name: recovery - from the first abnormal state to normal again. Cases of one order that overlap are one trouble, which
-- ends when the last of them does; a case about no order is a trouble of its own. What is still open is not counted.
with told as (
    select coalesce(m.order_id, c.order_id) as order_id, c.id, c.kind, c.owner, c.account_id, c.opened_at,
        coalesce(m.resolved_at, c.resolved_at) as ended_at, coalesce(m.resolved_by, c.resolved_by) as ended_by, c.person
    from case_file c left join case_member m on m.case_id = c.id and c.is_group
    where c.opened_at < %(until)s and (c.resolved_at is null or c.resolved_at >= %(since)s)
        and (not c.is_group or m.case_id is not null)
), islands as (
    select t.*, sum(case when opened_at <= before_end then 0 else 1 end) over (
            partition by coalesce(order_id, id) order by opened_at, id) as island
    from (select t.*, max(coalesce(ended_at, 'infinity')) over (
            partition by coalesce(order_id, id) order by opened_at, id
            rows between unbounded preceding and 1 preceding) as before_end from told t) t
), troubles as (
    select coalesce(order_id, id) as about, order_id, island, min(opened_at) as began_at,
        max(coalesce(ended_at, 'infinity')) as ended_at,
        (array_agg(kind order by opened_at, id))[1] as kind, (array_agg(owner order by opened_at, id))[1] as owner,
        (array_agg(account_id order by opened_at, id))[1] as account_id,
        (array_agg(coalesce(person, ended_by) order by ended_at desc nulls first, id))[1] as person
    from islands group by 1, 2, 3
), done as (
    select t.*, extract(epoch from t.ended_at - t.began_at) as seconds, a.code as account, a.connector as channel,
        (select w.code from work k join warehouse w on w.id = k.warehouse_id where k.order_id = t.order_id
            order by k.number desc limit 1) as warehouse
    from troubles t left join orders o on o.id = t.order_id
        left join account a on a.id = coalesce(o.account_id, t.account_id)
    where t.ended_at >= %(since)s and t.ended_at < %(until)s
)
select key, count(*), percentile_cont(0.5) within group (order by seconds),
    percentile_cont(0.9) within group (order by seconds),
    array[count(*) filter (where seconds < 900), count(*) filter (where seconds >= 900 and seconds < 3600),
        count(*) filter (where seconds >= 3600 and seconds < 14400),
        count(*) filter (where seconds >= 14400 and seconds < 86400),
        count(*) filter (where seconds >= 86400 and seconds < 259200), count(*) filter (where seconds >= 259200)]
from (select coalesce({by}, '') as key, seconds from done) d
group by grouping sets ((key), ()) order by grouping(key) desc, count(*) desc, key limit %(limit)s
