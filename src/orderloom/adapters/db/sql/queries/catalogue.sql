-- name: add_skus - new ones; of known ones only what is given (not null) changes
with given as (
    select * from unnest(%(code)s::text[], %(name)s::text[], %(unit)s::text[]) as n (code, name, unit)
), known as (
    update sku s set name = coalesce(g.name, s.name), unit = coalesce(g.unit, s.unit)
    from given g where s.code = g.code returning s.code
), fresh as (
    insert into sku (code, name, unit)
    select code, coalesce(name, ''), coalesce(unit, '') from given g
    where not exists (select from sku s where s.code = g.code)
    returning code
)
select false from known union all select true from fresh;

-- name: add_units
insert into sku_unit (sku_id, unit, factor)
select s.id, n.unit, n.factor from unnest(%(code)s::text[], %(unit)s::text[], %(factor)s::integer[])
    as n (code, unit, factor) join sku s on s.code = n.code
on conflict (sku_id, unit) do update set factor = excluded.factor;

-- name: add_components
insert into sku_component (bundle_id, component_id, quantity)
select b.id, c.id, n.quantity from unnest(%(bundle)s::text[], %(component)s::text[], %(quantity)s::integer[])
    as n (bundle, component, quantity) join sku b on b.code = n.bundle join sku c on c.code = n.component
on conflict (bundle_id, component_id) do update set quantity = excluded.quantity;

-- name: add_alias - an account of null means every account
insert into sku_alias (account_id, alias, sku_id, factor) values (%(account)s, %(alias)s, %(sku)s, %(factor)s)
on conflict (account_id, alias) do update set sku_id = excluded.sku_id, factor = excluded.factor;

-- name: parked_keys - what waits for this spelling, of one account or of all
select distinct park_key from intake where outcome = 'parked'
    and (park_key = %(key)s or (%(key)s is null and park_key like 'sku:%%' and split_part(park_key, ':', 3) <> ''
        and substr(park_key, length(split_part(park_key, ':', 2)) + 6) = %(alias)s));

-- name: add_warehouse
insert into warehouse (code, name, country, province, account_id, priority, daily_capacity, serves)
values (%(code)s, %(name)s, %(country)s, %(province)s, %(account)s, %(priority)s, %(daily_capacity)s, %(serves)s)
on conflict (code) do update set name = excluded.name, country = excluded.country, province = excluded.province,
    account_id = excluded.account_id, priority = excluded.priority, daily_capacity = excluded.daily_capacity,
    serves = excluded.serves, is_active = true
returning (xmax = 0);

-- name: warehouses
select w.code, w.name, w.country, w.province, a.code, w.priority, w.daily_capacity, w.serves, w.is_active
from warehouse w left join account a on a.id = w.account_id order by w.priority, w.code;

-- name: skus - a page by code
select code, name, unit from sku where code > %(after)s and code like %(like)s order by code limit %(limit)s;

