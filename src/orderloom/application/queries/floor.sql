-- Places of a floor as they are shown.

-- name: places - in the order of the walk
select p.code, p.kind, p.sequence, p.units_max, p.is_closed, p.is_single, coalesce(l.lies, '[]'::jsonb), p.id
from place p join warehouse w on w.id = p.warehouse_id
left join lateral (
    select jsonb_agg(jsonb_build_object('sku', s.code, 'name', s.name, 'lot', coalesce(t.code, ''),
        'expires_on', t.expires_on, 'quantity', v.quantity, 'promised', v.promised) order by s.code, t.code) as lies
    from place_level v join sku s on s.id = v.sku_id left join lot t on t.id = v.lot_id
    where v.place_id = p.id and (v.quantity <> 0 or v.promised <> 0)
) l on true
where {where}
order by p.sequence, p.id limit %(limit)s

-- name: not_placed
select s.code, s.name, coalesce(b.on_hand, 0), coalesce(v.placed, 0), coalesce(b.on_hand, 0) - coalesce(v.placed, 0)
from sku s
cross join (select id from warehouse where code = %(warehouse)s) w
left join stock_level b on b.sku_id = s.id and b.warehouse_id = w.id
left join lateral (select sum(quantity)::integer as placed from place_level l
    where l.sku_id = s.id and l.warehouse_id = w.id) v on true
where s.code > %(after)s and (%(sku)s = '' or s.code = %(sku)s)
    and (%(sku)s <> '' or coalesce(b.on_hand, 0) <> coalesce(v.placed, 0))
order by s.code limit %(limit)s
