-- name: version - one number that moves with every change of what the directory holds
select coalesce(sum(version), 0)::bigint from cache_version;

-- name: bump
insert into cache_version (name, version) values ('directory', 1)
on conflict (name) do update set version = cache_version.version + 1;

-- name: accounts
select id, code, family, connector, zone, base_url, credentials_cipher, settings, is_active from account order by id;

-- name: skus
select id, code, is_active, kind from sku;

-- name: components
select bundle_id, component_id, quantity from sku_component order by bundle_id, component_id;

-- name: units
select sku_id, unit, factor from sku_unit;

-- name: aliases
select coalesce(account_id, 0), alias, sku_id, factor from sku_alias;

-- name: warehouses
select id, code, country, province, account_id, priority, daily_capacity, serves, is_active from warehouse order by id;

-- name: blueprints
select version, content from blueprint_version where version <> all (%(known)s) order by version;
