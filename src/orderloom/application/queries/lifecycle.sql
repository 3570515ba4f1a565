-- Orders by stage of the lifecycle.

-- name: standing - how many orders stand in each stage, up to a number; since when the middle one of them does, and how
-- many longer than the stage's limit
select s.stage, count(o.staged_at), percentile_disc(0.5) within group (order by o.staged_at),
    count(*) filter (where o.staged_at < %(at)s::timestamptz - make_interval(secs => s.seconds))
from unnest(%(stages)s::text[], %(limits)s::integer[]) s (stage, seconds)
left join lateral (
    select staged_at from orders r where r.stage = s.stage
        and (%(accounts)s::smallint[] is null or r.account_id = any (%(accounts)s))
        and (%(provinces)s::text[] is null or r.receiver_province = any (%(provinces)s))
        and (%(warehouses)s::smallint[] is null or exists (
            select from work w where w.order_id = r.id and w.warehouse_id = any (%(warehouses)s)))
    order by r.id desc limit %(most)s
) o on true
group by s.stage;

-- name: ended - how many stand in stages that are final, up to a number
select s.stage, (select count(*) from (
    select from orders r where r.stage = s.stage
        and (%(accounts)s::smallint[] is null or r.account_id = any (%(accounts)s))
        and (%(provinces)s::text[] is null or r.receiver_province = any (%(provinces)s))
        and (%(warehouses)s::smallint[] is null or exists (
            select from work w where w.order_id = r.id and w.warehouse_id = any (%(warehouses)s)))
    limit %(most)s) o)
from unnest(%(stages)s::text[]) s (stage);
