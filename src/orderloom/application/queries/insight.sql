-- The figures of a board, summed by what they are shown by. What each measure counts is said where it is added up.

-- name: times - by day, week or month of a span and of the one before it, which is laid over it day by day
select measure, is_now, mark, date_trunc(%(by)s::text, on_day)::date::text, sum(quantity)::bigint
from (
    select measure, mark, day >= %(since)s::date as is_now, sum(quantity) as quantity,
        case when day >= %(since)s::date then day else day + (%(until)s::date - %(since)s::date) end as on_day
    from figure_day
    where measure = any (%(measures)s) and day >= %(since)s::date - (%(until)s::date - %(since)s::date)
        and day < %(until)s::date
        and (%(accounts)s::smallint[] is null or account_id = any (%(accounts)s))
        and (%(warehouses)s::smallint[] is null or warehouse_id = any (%(warehouses)s))
    group by measure, mark, day
) d
group by 1, 2, 3, 4;

-- name: places - by channel, shop, warehouse, or by what marks the measure
select f.measure, f.is_now, f.mark, case %(by)s::text when 'channel' then coalesce(a.connector, '')
    when 'account' then coalesce(a.code, '') when 'warehouse' then coalesce(w.code, '') else f.mark end, f.quantity
from (
    select measure, mark, day >= %(since)s::date as is_now, sum(quantity)::bigint as quantity,
        case when %(by)s::text in ('channel', 'account') then account_id end as account_id,
        case when %(by)s::text = 'warehouse' then warehouse_id end as warehouse_id
    from figure_day
    where measure = any (%(measures)s) and day >= %(since)s::date - (%(until)s::date - %(since)s::date)
        and day < %(until)s::date
        and (%(accounts)s::smallint[] is null or account_id = any (%(accounts)s))
        and (%(warehouses)s::smallint[] is null or warehouse_id = any (%(warehouses)s))
    group by 1, 2, 3, 5, 6
) f
left join account a on a.id = f.account_id
left join warehouse w on w.id = f.warehouse_id;

-- name: freshness - when the first fact happened that is not added up yet; null: there is none. No row: nothing is
select (select e.at from order_event e where e.xid >= w.xid and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by e.xid limit 1)
from watermark w where starts_with(w.name, 'figures ') and w.name not like '% cases' order by w.moved_at desc limit 1;
