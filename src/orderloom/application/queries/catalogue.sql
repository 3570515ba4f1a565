-- Goods and warehouses as lists.

-- name: skus
select code, name, unit, kind, is_active from sku where code > %(after)s and code like %(like)s order by code limit %(limit)s

-- name: warehouses
select w.code, w.name, w.country, w.province, a.code, w.priority, w.daily_capacity, w.serves, w.is_active
from warehouse w left join account a on a.id = w.account_id order by w.priority, w.code
