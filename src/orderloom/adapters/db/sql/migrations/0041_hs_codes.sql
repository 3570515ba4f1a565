-- What customs ask for of goods that cross a border.
alter table sku add column hs_code text not null default '';
