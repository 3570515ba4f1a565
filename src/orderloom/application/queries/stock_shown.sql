-- What channels are shown of some SKUs.

-- name: goods - SKUs with what bundles among them are made of
select s.id, s.code, s.is_active,
    (select array_agg(array[c.component_id, c.quantity] order by c.component_id) from sku_component c
        where c.bundle_id = s.id)
from sku s where s.id = any (%(skus)s::integer[])

-- name: kept_of_all
select coalesce(q.account_id, 0), q.sku_id, sum(q.kept)::bigint
from stock_quota q join warehouse w on w.id = q.warehouse_id and w.is_active
where q.state = 'open' and q.kept > 0 and q.customer = '' group by 1, 2

-- name: bundles
select distinct bundle_id from sku_component where component_id = any (%(skus)s::integer[])

-- name: free - units free to sell over active warehouses with those that a presale for all may sell, and those that
-- unpaid orders hold
select l.sku_id, (sum(l.free) + coalesce((select sum(q.quantity - q.drawn) from stock_quota q where q.sku_id = l.sku_id
    and q.state = 'open' and q.is_presale and q.account_id is null and q.campaign = '' and q.customer = ''), 0))::bigint,
    sum(l.reserved)::bigint
from stock_level l join warehouse w on w.id = l.warehouse_id and w.is_active
where l.sku_id = any (%(skus)s::integer[]) group by l.sku_id

-- name: free_by_place - free units in each active warehouse
select l.sku_id, l.warehouse_id, l.free from stock_level l join warehouse w on w.id = l.warehouse_id and w.is_active
where l.sku_id = any (%(skus)s::integer[])

-- name: kept - units that open quotas keep, by account (0: of a campaign that any may draw from), never a customer's own
select coalesce(q.account_id, 0), q.sku_id, sum(q.kept)::bigint
from stock_quota q join warehouse w on w.id = q.warehouse_id and w.is_active
where q.sku_id = any (%(skus)s::integer[]) and q.state = 'open' and q.kept > 0 and q.customer = '' group by 1, 2

-- name: listed - at every channel account: its own spelling, else one for all accounts, else our own code
with texts as (
    select alias from sku_alias where sku_id = any (%(skus)s::integer[])
    union select code from sku where id = any (%(skus)s::integer[])
), spelled as (
    select distinct on (c.id, s.alias) c.id as account_id, c.code, c.connector, c.is_active, s.alias, s.sku_id, s.factor,
        s.is_published, s.listing <> '{}' as has_ids,
        s.place = 0 as is_own
    from account c
    cross join lateral (
        select a.alias, a.sku_id, a.factor, a.listing, a.is_published, (a.account_id is null)::integer as place
        from sku_alias a
        where (a.account_id = c.id or a.account_id is null) and a.alias in (select alias from texts)
        union all
        select k.code, k.id, 1, '{}'::jsonb, true, 2 from sku k where k.id = any (%(skus)s::integer[])
    ) s
    where c.family = 'channels'
    order by c.id, s.alias, s.place
)
select x.account_id, x.code, x.connector, x.is_active, x.alias, x.sku_id, x.factor, x.is_published, x.has_ids, x.is_own,
    l.state, t.quantity, t.as_of
from spelled x
left join channel_listing l on l.account_id = x.account_id and l.sku_external = x.alias
left join stock_shown t on t.account_id = x.account_id and t.sku_external = x.alias
where x.sku_id = any (%(skus)s::integer[])
order by x.is_active desc, x.code, x.alias

-- name: pushes - the first push that is still open in each stream
select distinct on (d.account_id, d.order_key) d.account_id, d.order_key, d.state, d.attempts
from unnest(%(account)s::smallint[], %(stream)s::text[]) as k (account, stream)
join delivery d on d.account_id = k.account and d.order_key = k.stream and d.state in ('due', 'parked')
where d.kind = 'stock'
order by d.account_id, d.order_key, d.position

-- name: told_of
select t.quantity, t.as_of from stock_shown t join account a on a.id = t.account_id and a.is_active
where a.code = %(account)s and t.sku_external = %(listing)s
