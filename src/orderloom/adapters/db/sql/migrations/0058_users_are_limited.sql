-- Users are limited to warehouses, channels, shops, provinces and SKUs. Who worked in a warehouse until now saw them all.

alter table app_user add column limits jsonb not null default '{}';
update app_user set limits = '{"warehouse": ["*"]}' where role = 'warehouse';
