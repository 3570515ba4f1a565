-- What a SKU's share is at a shop stands in the blueprint, `publish.yaml: skus.SKU.shops.SHOP`: one way, with versions
-- and reasons. No command, page or import ever wrote this table.
drop table stock_pool;
