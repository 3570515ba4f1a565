-- What a bundle is made of, as it was when its line was stated: [[sku, units in one], …]. Empty for everything else and
-- for lines from before it was kept.
alter table order_line add column parts jsonb not null default '[]';
