-- Packing materials as they are shown.

-- name: materials - the smallest first
select m.code, m.name, m.length_mm, m.width_mm, m.height_mm, m.weight_g, m.cost, m.currency, m.is_active,
    (select count(*)::integer from wave_work k where k.material = m.code and k.is_boxed)
from packing_material m
order by m.length_mm::bigint * m.width_mm * m.height_mm, m.code
