-- What Home shows beside the live numbers.

-- name: channels - orders and their worth by shop and currency, today until now and yesterday until the same time
select a.code, a.connector, f.currency,
    coalesce(sum(f.orders) filter (where f.minute >= %(today)s), 0)::bigint,
    coalesce(sum(f.orders) filter (where f.minute < %(today)s), 0)::bigint,
    coalesce(sum(f.amount) filter (where f.minute >= %(today)s), 0)::bigint,
    coalesce(sum(f.amount) filter (where f.minute < %(today)s), 0)::bigint
from figure_minute f join account a on a.id = f.account_id
where (f.minute >= %(today)s and f.minute <= %(at)s or f.minute >= %(yesterday)s and f.minute <= %(then)s)
    and (%(accounts)s::smallint[] is null or f.account_id = any (%(accounts)s))
group by a.code, a.connector, f.currency order by 4 desc, 1, 3;

-- name: cases - the open ones by kind and age
select kind, owner, count(*), count(*) filter (where opened_at > %(at)s - interval '1 hour'),
    count(*) filter (where opened_at <= %(at)s - interval '1 hour' and opened_at > %(at)s - interval '4 hours'),
    count(*) filter (where opened_at <= %(at)s - interval '4 hours' and opened_at > %(at)s - interval '1 day'),
    count(*) filter (where opened_at <= %(at)s - interval '1 day'),
    count(*) filter (where due_at < %(at)s), min(opened_at)
from case_file where resolved_at is null group by kind, owner order by 8 desc, 3 desc, kind limit 100;

-- name: mine - open cases of one person, or of one of their roles and nobody's yet, that they have not put off: how many,
-- how many due within the last quarter of their time, how many over it
select count(*), count(*) filter (where due_at >= %(at)s and due_at - (due_at - opened_at) / 4 <= %(at)s),
    count(*) filter (where due_at < %(at)s), min(opened_at), min(due_at)
from case_file c where resolved_at is null and (person = %(person)s or person is null and owner = any (%(roles)s))
    and not exists (select from case_snooze s where s.case_id = c.id and s.person = %(person)s and s.until > %(at)s);

-- name: systems - how far behind each account is: since when nothing was read, what waits to be told
select a.code, a.family, a.connector, a.is_well, a.health, c.pulled_at, coalesce(c.failures, 0),
    coalesce(d.due, 0), d.oldest, coalesce(d.parked, 0)
from account a left join pull_cursor c on c.account_id = a.id
left join (
    select account_id, count(*) filter (where state = 'due') as due,
        min(created_at) filter (where state = 'due') as oldest, count(*) filter (where state = 'parked') as parked
    from delivery where state in ('due', 'parked') group by account_id
) d on d.account_id = a.id
where a.is_active and (%(accounts)s::smallint[] is null or a.id = any (%(accounts)s)) order by a.id limit 500;

-- name: guide - what a hub needs before its first order goes out
select exists (select from account where family = 'channels' and is_active and connector <> 'manual'),
    exists (select from sku), exists (select from stock_level where on_hand > 0),
    exists (select from warehouse where is_active), exists (select from orders);
