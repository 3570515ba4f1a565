-- name: version - one number that moves with every change of what the directory holds
select coalesce(sum(version), 0)::bigint from cache_version;

-- name: current - the version, held until the transaction ends: who is changing the directory is waited for
with held as (select version from cache_version order by name for share)
select coalesce(sum(version), 0)::bigint from held;

-- name: bump - null: any SKU, any spelling may have changed
with moved as (
    insert into cache_version (name, version) values ('directory', 1)
    on conflict (name) do update set version = cache_version.version + 1
    returning version
), forgotten as (
    delete from directory_change where version <= (select version from moved) - %(kept)s::bigint
)
insert into directory_change (version, skus, spellings)
select version, %(skus)s::integer[], %(spellings)s::text[] from moved
on conflict (version) do update set skus = null, spellings = null;

-- name: changes
select skus, spellings from directory_change
where version > %(after)s and version <= %(until)s order by version;

-- name: accounts
select id, code, family, connector, zone, base_url, credentials_cipher, settings, is_active, is_watching
from account order by id;

-- name: mappings - what was edited of connectors' mappings, in force
select account_id, topic, version, digest, content from mapping_version where state = 'in_force'
order by account_id, topic;

-- name: warehouses
select id, code, country, province, account_id, priority, daily_capacity, serves, is_active, kind, city,
    is_floor
from warehouse order by id;

-- name: stops - carriers' regions that are stopped, or will be
select 'T' || id, carrier, division, begins_at, ends_at, reason, source from carrier_stop
where ended_at is null order by id;

-- name: blueprints
select version, content from blueprint_version where version <> all (%(known)s) order by version;

-- name: goods - what these texts stand for (account -1: the text is the SKU's code) and what those SKUs and these are,
-- components included; first, the version that all of it is of. Text by text and by arrays: by key, whatever the planner
-- knows of the tables
with spelled as materialized (
    select g.spelling, f.sku_id, f.account, f.factor
    from unnest(%(spellings)s::text[]) as g (spelling)
    cross join lateral (
        select sku_id, coalesce(account_id, 0) as account, factor from sku_alias where alias = g.spelling
        union all
        select id, -1, 1 from sku where code = g.spelling
    ) f
), wanted as materialized (
    select sku_id as id from spelled union select unnest(%(skus)s::integer[])
), every as materialized (
    select id from wanted
    union select component_id from sku_component where bundle_id = any (array(select id from wanted))
)
select coalesce(sum(version), 0)::bigint as version, null::text as spelling, null::integer as sku_id,
    null::integer as account, null::integer as factor, null::boolean as is_active, null::text as kind,
    null::integer[] as parts, null::jsonb as units, null::text as hs_code, null::jsonb as quotas,
    null::integer as weight_g, null::text[] as groups, null::timestamptz as paused,
    null::bigint as volume
from cache_version
union all
select null, spelling, sku_id, account, factor, null, null, null, null, null, null, null, null, null, null from spelled
union all
select null, s.code, s.id, null, null, s.is_active, s.kind,
    (select array_agg(array[c.component_id, c.quantity] order by c.component_id) from sku_component c
        where c.bundle_id = s.id),
    (select jsonb_object_agg(u.unit, u.factor) from sku_unit u where u.sku_id = s.id), s.hs_code,
    (select jsonb_agg(jsonb_build_array(q.id, q.warehouse_id, q.draw_order, q.may_fall_through, q.account_id, q.campaign,
        q.customer, q.promised_on)) from stock_quota q where q.sku_id = s.id and q.state = 'open'),
    s.weight_g, case when s.category_id is not null then (
        with recursive up as (
            select g.parent_id, g.name, 1 as depth from category g where g.id = s.category_id
            union all select g.parent_id, g.name, up.depth + 1 from up join category g on g.id = up.parent_id
        ) select array_agg(up.name order by up.depth) from up) end,
    (select max(b.until) from stock_breaker b where b.sku_id = s.id and b.closed_at is null),
    least(s.length_mm, 100000)::bigint * least(s.width_mm, 100000) * least(s.height_mm, 100000)
from sku s where s.id = any (array(select id from every));
