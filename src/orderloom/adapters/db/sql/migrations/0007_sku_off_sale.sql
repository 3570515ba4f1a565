-- A SKU can be taken off sale: channels are shown none of it, and what happened with it stays.
alter table sku add column is_active boolean not null default true;
