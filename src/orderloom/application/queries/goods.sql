-- One SKU whole, and the lists that keep goods in order.

-- name: one
with recursive path (id, name) as (
    select id, name from category where parent_id is null
    union all
    select c.id, p.name || '/' || c.name from category c join path p on p.id = c.parent_id
)
select s.id, s.created_at, s.code, s.name, s.name_en, s.unit, s.kind, s.hs_code, s.is_active, coalesce(p.name, ''),
    s.category_id, s.goods_class, s.tax_class, s.cost, s.cost_currency, s.weight_g, s.length_mm, s.width_mm, s.height_mm,
    s.has_lots, s.has_serials, s.shelf_life_days, s.low_at, s.picture,
    (select array_agg(b.barcode order by b.barcode) from sku_barcode b where b.sku_id = s.id),
    (select jsonb_object_agg(u.unit, u.factor order by u.factor) from sku_unit u where u.sku_id = s.id),
    (select jsonb_object_agg(k.code, c.quantity order by k.code)
        from sku_component c join sku k on k.id = c.component_id where c.bundle_id = s.id),
    s.version
from sku s left join path p on p.id = s.category_id where s.code = %(code)s

-- name: used_in
select s.code, s.name, c.quantity from sku_component c join sku s on s.id = c.bundle_id
where c.component_id = %(sku)s order by s.code limit 500

-- name: aliases
select a.code, x.alias, s.code, x.factor, x.is_published
from sku_alias x join sku s on s.id = x.sku_id left join account a on a.id = x.account_id
where x.sku_id = %(sku)s order by a.code nulls first, x.alias limit 500

-- name: twins_of
select b.code from sku a join sku b on b.skeleton = a.skeleton and b.id <> a.id
where a.id = %(sku)s and not (a.is_apart and b.is_apart) order by b.code limit 20

-- name: history
select seq, version, at, by, changes from sku_event
where sku_id = %(sku)s and (%(before)s::bigint is null or seq < %(before)s::bigint) order by seq desc limit %(limit)s

-- name: groups - every one, with how many SKUs stand in itself
select c.id, c.parent_id, c.name, c.name_en, c.position, coalesce(n.skus, 0)::integer
from category c
left join (select category_id, count(*) as skus from sku where category_id is not null group by 1) n
    on n.category_id = c.id
order by c.position, c.name, c.id limit %(limit)s

-- name: twins - groups of codes that look alike, unless somebody has looked at all of them
select s.skeleton, (
        select jsonb_agg(jsonb_build_array(k.code, k.name, k.is_active, coalesce(
            (select sum(l.on_hand) from stock_level l where l.sku_id = k.id), 0)) order by k.code)
        from sku k where k.skeleton = s.skeleton)
from sku s where s.skeleton > %(after)s
group by s.skeleton having count(*) > 1 and not bool_and(s.is_apart)
order by s.skeleton limit %(limit)s
