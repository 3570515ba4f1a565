-- Goods and stock as tables; each row begins with its key.

-- name: skus
with recursive path (id, name) as (
    select id, name from category where parent_id is null
    union all
    select c.id, p.name || '/' || c.name from category c join path p on p.id = c.parent_id
), page as (
    select s.* from sku s where s.code > %(after)s and {where} order by s.code limit %(limit)s
)
select s.code, s.code, s.name, s.name_en, s.unit,
    (select jsonb_object_agg(u.unit, u.factor order by u.factor) from sku_unit u where u.sku_id = s.id),
    s.kind, coalesce(p.name, ''), s.goods_class,
    (select array_agg(b.barcode order by b.barcode) from sku_barcode b where b.sku_id = s.id),
    s.weight_g, array[s.length_mm, s.width_mm, s.height_mm], s.cost, s.cost_currency, s.tax_class, s.hs_code, s.has_lots,
    s.has_serials, s.shelf_life_days, s.low_at,
    (select jsonb_object_agg(k.code, c.quantity order by k.code)
        from sku_component c join sku k on k.id = c.component_id where c.bundle_id = s.id)
from page s left join path p on p.id = s.category_id order by s.code

-- name: aliases
select x.alias || chr(31) || coalesce(x.account_id, 0), x.alias, s.code, coalesce(a.code, ''), x.factor
from sku_alias x join sku s on s.id = x.sku_id left join account a on a.id = x.account_id
where (%(after)s = '' or x.alias >= split_part(%(after)s, chr(31), 1))
    and x.alias || chr(31) || coalesce(x.account_id, 0) > %(after)s and {where}
order by x.alias, 1 limit %(limit)s

-- name: bundles
select s.code || chr(31) || k.code, s.code, k.code, c.quantity
from sku_component c join sku s on s.id = c.bundle_id join sku k on k.id = c.component_id
where s.code || chr(31) || k.code > %(after)s and {where} order by 1 limit %(limit)s

-- name: stock
select s.code || chr(31) || w.code, s.code, w.code, '', l.on_hand, '', ''
from stock_level l join sku s on s.id = l.sku_id join warehouse w on w.id = l.warehouse_id
where (%(after)s = '' or s.code >= split_part(%(after)s, chr(31), 1))
    and s.code || chr(31) || w.code > %(after)s and {where} order by s.code, w.code limit %(limit)s
