-- Goods, the spellings of them, and warehouses as lists.

-- name: skus
with recursive path (id, name) as (
    select id, name from category where parent_id is null
    union all
    select c.id, p.name || '/' || c.name from category c join path p on p.id = c.parent_id
), page as (
    select s.* from sku s where s.code > %(after)s and s.code like %(prefix)s and {where} order by s.code limit %(limit)s
)
select s.code, s.name, s.unit, s.kind, s.is_active, s.hs_code, s.name_en, coalesce(p.name, ''), s.goods_class, s.picture,
    s.weight_g, exists (select from sku_component c where c.bundle_id = s.id), s.version,
    (select array_agg(b.barcode order by b.barcode) from sku_barcode b where b.sku_id = s.id)
from page s left join path p on p.id = s.category_id order by s.code

-- name: code
select code from sku where code = %(code)s

-- name: sku_ids
select code, id from sku where code = any (%(codes)s)

-- name: codes
select code from sku

-- name: warehouses
select w.code, w.name, w.country, w.province, a.code, w.priority, w.daily_capacity, w.serves, w.is_active, w.city, w.is_floor
from warehouse w left join account a on a.id = w.account_id where w.kind <> 'transit' order by w.priority, w.code

-- name: aliases
select coalesce(x.account_id, 0), a.code, x.alias, s.code, x.factor, x.is_published
from sku_alias x join sku s on s.id = x.sku_id left join account a on a.id = x.account_id
where {where} order by coalesce(x.account_id, 0), x.alias limit %(limit)s
