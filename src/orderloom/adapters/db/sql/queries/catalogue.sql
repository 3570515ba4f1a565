-- name: add_skus - new ones; of known ones only what is given (not null) changes
with given as (
    select n.*, d.name_en, d.goods_class, d.tax_class, d.cost, d.cost_currency, d.weight_g, d.length_mm, d.width_mm,
        d.height_mm, d.has_lots, d.has_serials, d.shelf_life_days, d.low_at
    from unnest(%(code)s::text[], %(name)s::text[], %(unit)s::text[], %(kind)s::text[], %(hs_code)s::text[])
        as n (code, name, unit, kind, hs_code)
    join jsonb_to_recordset(%(described)s::jsonb) as d (code text, name_en text, goods_class text, tax_class text,
        cost bigint, cost_currency text, weight_g integer, length_mm integer, width_mm integer, height_mm integer,
        has_lots boolean, has_serials boolean, shelf_life_days integer, low_at integer) using (code)
), known as (
    update sku s set name = coalesce(g.name, s.name), unit = coalesce(g.unit, s.unit),
        kind = coalesce(g.kind, s.kind), hs_code = coalesce(g.hs_code, s.hs_code),
        name_en = coalesce(g.name_en, s.name_en), goods_class = coalesce(g.goods_class, s.goods_class),
        tax_class = coalesce(g.tax_class, s.tax_class),
        cost = case when g.cost_currency = '' then null else coalesce(g.cost, s.cost) end,
        cost_currency = coalesce(g.cost_currency, s.cost_currency), weight_g = coalesce(g.weight_g, s.weight_g),
        length_mm = coalesce(g.length_mm, s.length_mm), width_mm = coalesce(g.width_mm, s.width_mm),
        height_mm = coalesce(g.height_mm, s.height_mm), has_lots = coalesce(g.has_lots, s.has_lots),
        has_serials = coalesce(g.has_serials, s.has_serials),
        shelf_life_days = coalesce(g.shelf_life_days, s.shelf_life_days),
        low_at = case when g.low_at < 0 then null else coalesce(g.low_at, s.low_at) end
    from given g where s.code = g.code returning s.code
), fresh as (
    insert into sku (code, name, unit, kind, hs_code, name_en, goods_class, tax_class, cost, cost_currency, weight_g,
        length_mm, width_mm, height_mm, has_lots, has_serials, shelf_life_days, low_at)
    select code, coalesce(name, ''), coalesce(unit, ''), coalesce(kind, 'goods'), coalesce(hs_code, ''),
        coalesce(name_en, ''), coalesce(goods_class, ''), coalesce(tax_class, ''), cost,
        coalesce(cost_currency, ''), coalesce(weight_g, 0), coalesce(length_mm, 0), coalesce(width_mm, 0),
        coalesce(height_mm, 0), coalesce(has_lots, false), coalesce(has_serials, false),
        coalesce(shelf_life_days, 0), case when low_at >= 0 then low_at end
    from given g
    where not exists (select from sku s where s.code = g.code)
    returning code
)
select false from known union all select true from fresh;

-- name: lock_skus - in one order
select from sku where code = any (%(codes)s::text[]) order by id for no key update;

-- name: masters - SKUs with all that is known of them
with recursive path (id, name) as (
    select id, name from category where parent_id is null
    union all
    select c.id, p.name || '/' || c.name from category c join path p on p.id = c.parent_id
)
select s.code, s.name, s.name_en, s.unit, s.kind, s.hs_code, s.is_active, coalesce(p.name, ''), s.goods_class,
    s.tax_class, s.cost, s.cost_currency, s.weight_g, s.length_mm, s.width_mm, s.height_mm, s.has_lots, s.has_serials,
    s.shelf_life_days, s.low_at, s.picture,
    (select array_agg(b.barcode order by b.barcode) from sku_barcode b where b.sku_id = s.id),
    (select jsonb_object_agg(u.unit, u.factor order by u.unit) from sku_unit u where u.sku_id = s.id),
    (select jsonb_object_agg(k.code, c.quantity order by k.code)
        from sku_component c join sku k on k.id = c.component_id where c.bundle_id = s.id),
    s.version
from sku s left join path p on p.id = s.category_id
where s.code = any (%(codes)s::text[]) order by s.code;

-- name: keep_history - what changed of SKUs, under the version that it made
with given as (
    select * from jsonb_to_recordset(%(rows)s::jsonb) as g (code text, changes jsonb)
), counted as (
    update sku s set version = s.version + 1 from given g where s.code = g.code returning s.id, s.code, s.version
)
insert into sku_event (sku_id, code, version, at, by, changes)
select c.id, c.code, c.version, %(at)s, %(by)s, g.changes from counted c join given g using (code);

-- name: twins - codes that look like another SKU's, but for those that somebody has looked at
select distinct on (a.code) a.code, b.code
from sku a join sku b on b.skeleton = a.skeleton and b.id <> a.id
where a.code = any (%(codes)s::text[]) and not (a.is_apart and b.is_apart) order by a.code, b.code limit 200;

-- name: set_apart
update sku set is_apart = true where code = any (%(codes)s::text[]) returning 1;

-- name: set_picture
update sku set picture = %(picture)s where id = %(sku)s;

-- name: barcode_owners
select b.barcode, s.code from sku_barcode b join sku s on s.id = b.sku_id where b.barcode = any (%(barcodes)s::text[]);

-- name: drop_barcodes
delete from sku_barcode b using sku s where s.id = b.sku_id and s.code = any (%(codes)s::text[]);

-- name: drop_all_barcodes
delete from sku_barcode where sku_id = %(sku)s;

-- name: add_barcodes
insert into sku_barcode (barcode, sku_id)
select n.barcode, s.id from unnest(%(code)s::text[], %(barcode)s::text[]) as n (code, barcode) join sku s using (code);

-- name: group - a group of a name in another one (null: in none), made when there is none
insert into category (parent_id, name) values (%(parent)s, %(name)s)
on conflict (parent_id, name) do update set name = excluded.name returning id;

-- name: lock_groups - the tree is changed by one transaction at a time
select pg_advisory_xact_lock(hashtext('orderloom/groups'));

-- name: group_parents
select id, parent_id from category;

-- name: group_named
select id from category where parent_id is not distinct from %(parent)s::integer and name = %(name)s;

-- name: new_group
insert into category (parent_id, name, name_en, position)
values (%(parent)s, %(name)s, %(name_en)s, %(position)s) returning id;

-- name: change_group
update category set parent_id = %(parent)s::integer, name = %(name)s, name_en = %(name_en)s, position = %(position)s
where id = %(group)s;

-- name: skus_in_group
select count(*) from sku where category_id = %(group)s;

-- name: drop_group
delete from category where id = %(group)s;

-- name: set_groups
update sku s set category_id = n.category
from unnest(%(code)s::text[], %(category)s::integer[]) as n (code, category) where s.code = n.code;

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

-- name: stocked_bundles - those of which some part has ever come to a warehouse: of others there is nothing to tell yet
select s.id from sku s where s.code = any (%(codes)s) and exists (
    select from sku_component c join stock_level l on l.sku_id = c.component_id where c.bundle_id = s.id);

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
union all select 'stock figures', count(*) from (select from stock_claim where sku_id = %(sku)s limit 1) x;

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
        serves = coalesce(%(serves)s::text[], serves), city = coalesce(%(city)s, city)
    where code = %(code)s returning 1
), fresh as (
    insert into warehouse (code, name, country, province, account_id, priority, daily_capacity, serves, city)
    select %(code)s, coalesce(nullif(%(name)s, ''), %(code)s), coalesce(%(country)s, 'CN'), coalesce(%(province)s, ''),
        %(account)s, coalesce(%(priority)s, 1), coalesce(%(daily_capacity)s, 1000000),
        coalesce(%(serves)s::text[], '{}'), coalesce(%(city)s, '')
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
