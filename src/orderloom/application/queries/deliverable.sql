-- name: goods - SKUs by code, bundles as what they are made of, with weight and bulk of one
select s.code, p.id, coalesce(c.quantity, 1), p.weight_g, p.length_mm::bigint * p.width_mm * p.height_mm
from sku s left join sku_component c on c.bundle_id = s.id join sku p on p.id = coalesce(c.component_id, s.id)
where s.code = any (%(codes)s) order by s.code, p.id;

-- name: free - what of them is sellable, by warehouse
select sku_id, warehouse_id, free from stock_level where sku_id = any (%(skus)s) and free > 0;
