-- name: take - allowances for calls of an API, out of its bucket and the account's, both locked. The most urgent lane
-- (`keeps` 0) gets as many as wait in any case, to be used later when there are too few now, but none that is further off
-- than `later` seconds; the others get what is there beyond what they keep for more urgent lanes. One row: how many, how
-- many buckets there are, for how many seconds the platform wants no call, in how many the first may be made, and what
-- each bucket held before.
with held as materialized (
    select api, tokens, filled_at, blocked_until, stock_waits_until from pace
    where account_id = %(account)s and api in ('', %(api)s) order by api for update
), clock as materialized (
    select clock_timestamp() as now, (select count(*) from held) as rows
), filled as materialized (
    select h.api, r.per_second, h.stock_waits_until > c.now as stock_waits,
        least(%(keeps)s * r.burst, greatest(r.burst - 1, 0)) as kept,
        least(r.burst, h.tokens + %(back)s + r.per_second
            * greatest(extract(epoch from c.now - greatest(h.filled_at, h.blocked_until)), 0)::double precision) as tokens,
        extract(epoch from greatest(least(h.blocked_until, c.now + interval '1 day'), c.now) - c.now)::double precision
            as blocked
    from held h
    join unnest(array['', %(api)s], %(per_second)s::double precision[], %(burst)s::double precision[])
        as r (api, per_second, burst) on r.api = h.api
    cross join clock c
), said as materialized (
    select count(*) as rows, min(floor(tokens - kept)) as free, max(blocked) as blocked, bool_or(stock_waits) as stock_waits,
        max(blocked + greatest(1 + kept - tokens, 0) / per_second) as first,
        min(floor(tokens + (%(later)s - blocked) * per_second)) as reached
    from filled
), given as materialized (
    select case
        when s.rows < 2 then 0
        when %(keeps)s = 0 then greatest(least(%(most)s, s.reached, greatest(%(waiting)s, s.free)), 0)
        when s.blocked > 0 or (%(lane)s = 'backfill' and s.stock_waits) then 0
        else greatest(least(%(most)s, s.free), 0)
    end::integer as count
    from said s
), taken as (
    update pace p
    set tokens = f.tokens - g.count, filled_at = c.now,
        stock_waits_until = case when %(lane)s <> 'stock' then p.stock_waits_until
            when g.count = 0 then c.now + interval '2 seconds' else '-infinity' end
    from filled f cross join given g cross join clock c
    where p.account_id = %(account)s and p.api = f.api
)
select g.count, s.rows, s.blocked, s.first, array(select tokens from filled order by api)
from given g cross join said s;

-- name: ensure - the buckets of an API and of all calls, full at first
insert into pace (account_id, api, tokens, filled_at)
select %(account)s, u.api, u.burst, clock_timestamp()
from unnest(array['', %(api)s], %(burst)s::double precision[]) as u (api, burst) order by u.api
on conflict (account_id, api) do nothing;

-- name: blocked - for how many seconds an API, or every one of the account, is still to be left alone
select coalesce(max(greatest(extract(epoch from blocked_until) - extract(epoch from clock_timestamp()), 0)),
    0)::double precision from pace
where account_id = %(account)s and api in ('', %(api)s);

-- name: learn - the platform said "too fast": nothing of it for so long. Whoever waits for a turn asks anew after that, so
-- what was promised is forgotten.
insert into pace (account_id, api, tokens, filled_at, blocked_until)
values (%(account)s, %(api)s, 0, clock_timestamp(), clock_timestamp() + make_interval(secs => %(seconds)s))
on conflict (account_id, api) do update set tokens = 0, filled_at = excluded.filled_at,
    blocked_until = greatest(pace.blocked_until, excluded.blocked_until);
