-- Goods, the spellings of them, and warehouses as lists.

-- name: skus
select code, name, unit, kind, is_active, hs_code from sku where code > %(after)s and code like %(like)s order by code limit %(limit)s

-- name: code
select code from sku where code = %(code)s

-- name: codes
select code from sku

-- name: warehouses
select w.code, w.name, w.country, w.province, a.code, w.priority, w.daily_capacity, w.serves, w.is_active
from warehouse w left join account a on a.id = w.account_id order by w.priority, w.code

-- name: aliases
select coalesce(x.account_id, 0), a.code, x.alias, s.code, x.factor, x.is_published
from sku_alias x join sku s on s.id = x.sku_id left join account a on a.id = x.account_id
where {where} order by coalesce(x.account_id, 0), x.alias limit %(limit)s
