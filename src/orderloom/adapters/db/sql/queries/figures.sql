-- Figures by the seller's day, added up from the log of facts: what each measure counts, and of which day it is.
-- A fact is added once, for the place in the log moves in the same transaction; the earlier fact that it is compared
-- with is found by the order's own sequence, which no late commit changes.

-- name: forget - other definitions or another zone: everything is added up anew
with gone as (delete from watermark where starts_with(name, 'figures ')),
    minutes as (delete from figure_minute)
delete from figure_day;

-- name: span - how far one step reads, whole transactions only, and whether it is a full one
select max(xid)::text, count(*) >= %(limit)s from (
    select xid from order_event where xid >= %(since)s::xid8 and xid < %(until)s::xid8 order by xid limit %(limit)s
) x;

-- name: forget_minutes
delete from figure_minute where minute < %(since)s::timestamptz;

-- name: orders - by the day on which they were placed: how many, and what they are worth as recorded, by currency
with stated as (
    select o.account_id, o.placed_at, e.facts::jsonb ->> 'currency' as currency,
        (e.facts::jsonb ->> 'total')::bigint as total
    from order_event e join orders o on o.id = e.order_id
    where e.xid >= %(since)s::xid8 and e.xid <= %(last)s::xid8 and e.kind = 'order_recorded'
), by_minute as (
    insert into figure_minute (minute, account_id, currency, orders, amount)
    select date_trunc('minute', placed_at), account_id, currency, count(*), sum(total)
    from stated where placed_at >= %(minutes)s::timestamptz group by 1, 2, 3 order by 1, 2, 3
    on conflict (minute, account_id, currency) do update
    set orders = figure_minute.orders + excluded.orders, amount = figure_minute.amount + excluded.amount
)
insert into figure_day (measure, day, account_id, mark, quantity)
select m.measure, (s.placed_at at time zone %(zone)s::text)::date, s.account_id, m.mark, sum(m.quantity)
from stated s cross join lateral (values ('orders', '', 1::bigint), ('value', s.currency, s.total))
    m (measure, mark, quantity)
group by 1, 2, 3, 4 order by 1, 2, 3, 4
on conflict (measure, day, account_id, warehouse_id, mark) do update
set quantity = figure_day.quantity + excluded.quantity;

-- name: amended - the worth of an order that its channel stated anew takes the place of what it stated before
with stated as (
    select o.account_id, o.placed_at, e.facts::jsonb as now, b.facts::jsonb as before
    from order_event e join orders o on o.id = e.order_id
    cross join lateral (
        select p.facts from order_event p
        where p.order_id = e.order_id and p.seq < e.seq and p.kind in ('order_recorded', 'order_amended')
        order by p.seq desc limit 1
    ) b
    where e.xid >= %(since)s::xid8 and e.xid <= %(last)s::xid8 and e.kind = 'order_amended'
), moved as (
    select s.account_id, s.placed_at, m.currency, m.amount from stated s
    cross join lateral (values (s.now ->> 'currency', (s.now ->> 'total')::bigint),
        (s.before ->> 'currency', -(s.before ->> 'total')::bigint)) m (currency, amount)
    where (s.now ->> 'currency', s.now ->> 'total') <> (s.before ->> 'currency', s.before ->> 'total')
), by_minute as (
    insert into figure_minute (minute, account_id, currency, orders, amount)
    select date_trunc('minute', placed_at), account_id, currency, 0, sum(amount)
    from moved where placed_at >= %(minutes)s::timestamptz group by 1, 2, 3 order by 1, 2, 3
    on conflict (minute, account_id, currency) do update set amount = figure_minute.amount + excluded.amount
)
insert into figure_day (measure, day, account_id, mark, quantity)
select 'value', (placed_at at time zone %(zone)s::text)::date, account_id, currency, sum(amount)
from moved group by 2, 3, 4 order by 2, 3, 4
on conflict (measure, day, account_id, warehouse_id, mark) do update
set quantity = figure_day.quantity + excluded.quantity;

-- name: cancelled - by the day on which the order was placed
insert into figure_day (measure, day, account_id, quantity)
select 'cancelled', (o.placed_at at time zone %(zone)s::text)::date, o.account_id, count(*)
from order_event e join orders o on o.id = e.order_id
where e.xid >= %(since)s::xid8 and e.xid <= %(last)s::xid8 and e.kind = 'order_cancelled'
    and not exists (select from order_event p
        where p.order_id = e.order_id and p.seq < e.seq and p.kind = 'order_cancelled')
group by 2, 3 order by 2, 3
on conflict (measure, day, account_id, warehouse_id, mark) do update
set quantity = figure_day.quantity + excluded.quantity;

-- name: lag - by the day on which the hub got it: from when the platform changed an order until the hub had the message.
-- `mark` is a quarter of a doubling of seconds. Left out: orders of before the account was connected, orders that
-- people and files bring, and revisions that the platform does not date.
insert into figure_day (measure, day, account_id, mark, quantity)
select 'lag', (m.received_at at time zone %(zone)s::text)::date, m.account_id,
    ceil(4 * log(2, greatest(extract(epoch from m.received_at - r.revision), 1)))::integer::text, count(*)
from order_event e
join message m on m.id = e.message_id
join account a on a.id = m.account_id and a.family = 'channels' and a.connector <> all (%(undated)s)
cross join lateral (select (e.facts::jsonb ->> 'revision')::timestamptz as revision) r
left join pull_walk w on w.account_id = m.account_id and w.kind = 'backfill'
where e.xid >= %(since)s::xid8 and e.xid <= %(last)s::xid8 and e.kind in ('order_recorded', 'order_amended')
    and r.revision <> m.received_at and (w.until is null or r.revision >= w.until)
group by 2, 3, 4 order by 2, 3, 4
on conflict (measure, day, account_id, warehouse_id, mark) do update
set quantity = figure_day.quantity + excluded.quantity;

-- name: assigned - works, by the day on which their warehouse was chosen
insert into figure_day (measure, day, account_id, warehouse_id, quantity)
select 'assigned', (e.at at time zone %(zone)s::text)::date, o.account_id,
    (e.facts::jsonb ->> 'warehouse_id')::smallint, count(*)
from order_event e join orders o on o.id = e.order_id
where e.xid >= %(since)s::xid8 and e.xid <= %(last)s::xid8 and e.kind = 'work_assigned'
group by 2, 3, 4 order by 2, 3, 4
on conflict (measure, day, account_id, warehouse_id, mark) do update
set quantity = figure_day.quantity + excluded.quantity;

-- name: shipped - orders by the day of their first parcel; those that had a ship-by time of their platform, and of them
-- those that left after it (`order_ship_by`: each platform writes the time its own way, the events' publisher reads it)
with first as (
    select e.order_id, o.account_id, (e.facts::jsonb ->> 'at')::timestamptz as at, coalesce(w.warehouse_id, 0) as place,
        s.ship_by
    from order_event e join orders o on o.id = e.order_id
    left join work w on w.order_id = e.order_id and w.work_seq = (e.facts::jsonb ->> 'work_seq')::smallint
    left join order_ship_by s on s.order_id = e.order_id
    where e.xid >= %(since)s::xid8 and e.xid <= %(last)s::xid8 and e.kind = 'parcel_shipped'
        and not exists (select from order_event p
            where p.order_id = e.order_id and p.seq < e.seq and p.kind = 'parcel_shipped')
)
insert into figure_day (measure, day, account_id, warehouse_id, quantity)
select m.measure, (f.at at time zone %(zone)s::text)::date, f.account_id, f.place, count(*)
from first f cross join lateral (values ('shipped', true), ('due', f.ship_by is not null), ('late', f.at > f.ship_by))
    m (measure, is_so)
where m.is_so group by 1, 2, 3, 4 order by 1, 2, 3, 4
on conflict (measure, day, account_id, warehouse_id, mark) do update
set quantity = figure_day.quantity + excluded.quantity;

-- name: cases_from - the first day whose cases are counted again; null when none were ever
select (moved_at at time zone %(zone)s::text)::date from watermark where name = %(name)s;

-- name: cases_forget
delete from figure_day where measure = 'cases' and day >= coalesce(%(day)s::date, '-infinity');

-- name: cases - by the day on which they were opened, and their kind: what is not in the log of facts is counted anew
-- for the days that are not over
insert into figure_day (measure, day, account_id, mark, quantity)
select 'cases', (c.opened_at at time zone %(zone)s::text)::date, coalesce(c.account_id, o.account_id, 0), c.kind, count(*)
from case_file c left join orders o on o.id = c.order_id and c.account_id is null
where %(day)s::date is null or c.opened_at >= (%(day)s::date::timestamp at time zone %(zone)s::text)
group by 2, 3, 4;

-- name: cases_counted - so far; the hour before is counted again, for what commits late
insert into watermark (name, xid, moved_at) values (%(name)s, '0'::xid8, %(at)s::timestamptz - interval '1 hour')
on conflict (name) do update set moved_at = excluded.moved_at;
