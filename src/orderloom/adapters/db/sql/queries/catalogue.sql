-- name: add_skus - new ones; of known ones only what is given (not null) changes
with given as (
    select * from unnest(%(code)s::text[], %(name)s::text[], %(unit)s::text[], %(kind)s::text[], %(hs_code)s::text[])
        as n (code, name, unit, kind, hs_code)
), known as (
    update sku s set name = coalesce(g.name, s.name), unit = coalesce(g.unit, s.unit),
        kind = coalesce(g.kind, s.kind), hs_code = coalesce(g.hs_code, s.hs_code)
    from given g where s.code = g.code returning s.code
), fresh as (
    insert into sku (code, name, unit, kind, hs_code)
    select code, coalesce(name, ''), coalesce(unit, ''), coalesce(kind, 'goods'), coalesce(hs_code, '') from given g
    where not exists (select from sku s where s.code = g.code)
    returning code
)
select false from known union all select true from fresh;

-- name: add_units
insert into sku_unit (sku_id, unit, factor)
select s.id, n.name, n.number from unnest(%(code)s::text[], %(name)s::text[], %(number)s::integer[])
    as n (code, name, number) join sku s on s.code = n.code
on conflict (sku_id, unit) do update set factor = excluded.factor;

-- name: remove_units
delete from sku_unit u using unnest(%(code)s::text[], %(name)s::text[], %(number)s::integer[]) as n (code, name, number),
    sku s where s.code = n.code and u.sku_id = s.id and u.unit = n.name;

-- name: add_components
insert into sku_component (bundle_id, component_id, quantity)
select b.id, c.id, n.number from unnest(%(code)s::text[], %(name)s::text[], %(number)s::integer[])
    as n (code, name, number) join sku b on b.code = n.code join sku c on c.code = n.name
on conflict (bundle_id, component_id) do update set quantity = excluded.quantity;

-- name: remove_components
delete from sku_component k
using unnest(%(code)s::text[], %(name)s::text[], %(number)s::integer[]) as n (code, name, number), sku b, sku c
where b.code = n.code and c.code = n.name and k.bundle_id = b.id and k.component_id = c.id;

-- name: set_sku_active
update sku set is_active = %(is_active)s where id = %(sku)s;

-- name: orders_of_sku - orders that have units of it bound
select count(distinct order_id) from stock_hold where sku_id = %(sku)s and state = 'active';

-- name: lock_goods - wait for every batch of messages that runs; those that come wait until we end (`messages.sql: take`)
select pg_advisory_xact_lock(hashtext('orderloom/goods'));

-- name: lock_sku - whoever is making a row that names it is waited for, and the next one waits
select from sku where id = %(sku)s for update;

-- name: lock_levels - whoever is booking goods is waited for
select from stock_level where sku_id = %(sku)s order by warehouse_id for update;

-- name: uses_of_sku - where a SKU stands
select 'order lines', count(*) from (select from order_line where sku_id = %(sku)s limit 1) x
union all select 'stock movements', count(*) from (select from stock_movement where sku_id = %(sku)s limit 1) x
union all select 'aliases', count(*) from (select from sku_alias where sku_id = %(sku)s limit 1) x
union all select 'bundles', count(*) from (select from sku_component where component_id = %(sku)s limit 1) x
union all select 'stock figures', count(*) from (select from stock_claim where sku_id = %(sku)s limit 1) x
union all select 'stock shares', count(*) from (select from stock_pool where sku_id = %(sku)s limit 1) x;

-- name: drop_units
delete from sku_unit where sku_id = %(sku)s;

-- name: drop_components
delete from sku_component where bundle_id = %(sku)s;

-- name: drop_levels - without a movement a level is an empty place
delete from stock_level where sku_id = %(sku)s;

-- name: drop_sku
delete from sku where id = %(sku)s returning code;

-- name: meanings - what spellings mean now
select alias, sku_id, factor from sku_alias
where account_id is not distinct from %(account)s::smallint and alias = any (%(aliases)s::text[]) order by alias
for update;

-- name: add_aliases - an account of null means every account; of known ones only what is given (not null) changes
insert into sku_alias (account_id, alias, sku_id, factor, listing, is_published)
select %(account)s, n.alias, n.sku_id, n.factor, coalesce(n.listing::jsonb, a.listing, '{}'),
    coalesce(n.is_published, a.is_published, true)
from unnest(%(alias)s::text[], %(sku)s::integer[], %(factor)s::integer[], %(listing)s::text[],
    %(is_published)s::boolean[]) as n (alias, sku_id, factor, listing, is_published)
left join sku_alias a on a.account_id is not distinct from %(account)s::smallint and a.alias = n.alias
on conflict (account_id, alias) do update set sku_id = excluded.sku_id, factor = excluded.factor,
    listing = excluded.listing, is_published = excluded.is_published;

-- name: drop_alias
delete from sku_alias where account_id is not distinct from %(account)s::smallint and alias = %(alias)s returning 1;

-- name: parked_spellings - the keys that wait for these spellings, `sku:<account>:<spelling>`
select distinct park_key from intake
where outcome = 'parked' and park_key like 'sku:%%'
    and (%(account)s = '' or split_part(park_key, ':', 2) = %(account)s)
    and substr(park_key, length(split_part(park_key, ':', 2)) + 6) = any (%(spellings)s::text[]);

-- name: account_codes
select code from account;

-- name: keep_warehouse - null is as it was; a new one gets what a warehouse has by default
with known as (
    update warehouse set name = coalesce(%(name)s, name), country = coalesce(%(country)s, country),
        province = coalesce(%(province)s, province),
        account_id = case when %(has_account)s then %(account)s::smallint else account_id end,
        priority = coalesce(%(priority)s, priority), daily_capacity = coalesce(%(daily_capacity)s, daily_capacity),
        serves = coalesce(%(serves)s::text[], serves)
    where code = %(code)s returning 1
), fresh as (
    insert into warehouse (code, name, country, province, account_id, priority, daily_capacity, serves)
    select %(code)s, coalesce(nullif(%(name)s, ''), %(code)s), coalesce(%(country)s, 'CN'), coalesce(%(province)s, ''),
        %(account)s, coalesce(%(priority)s, 1), coalesce(%(daily_capacity)s, 1000000),
        coalesce(%(serves)s::text[], '{}')
    where not exists (select from warehouse where code = %(code)s)
    returning 1
)
select exists (select from fresh), (select count(*) from known);

-- name: release_reports - an account that was given a warehouse may speak of the works there
update intake i set outcome = 'pending'
from message m
where m.id = i.message_id and m.account_id = %(account)s and i.outcome = 'parked' and i.reason = %(reason)s;

-- name: set_warehouse_active
update warehouse set is_active = %(is_active)s where id = %(warehouse)s;

-- name: orders_of_warehouse - orders that have stock bound there
select count(distinct order_id) from stock_hold where warehouse_id = %(warehouse)s and state = 'active';

-- name: sku_ids
select code, id from sku where code = any (%(codes)s::text[]);

-- name: codes
select code from sku;

-- name: code
select code from sku where id = %(sku)s;

-- name: spellings - every one of an account (null: of all accounts together)
select alias, sku_id, factor from sku_alias where account_id is not distinct from %(account)s::smallint;
