-- From how many free units on a SKU runs low: null is the blueprint's limit, 0 is never.
alter table sku add column low_at integer check (low_at >= 0);
