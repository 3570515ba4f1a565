-- What a terminal carries along.

-- name: waves - under way, or over with units in the tote or boxes that are not out
select v.number, v.kind, v.state from wave v join warehouse h on h.id = v.warehouse_id
where h.code = %(warehouse)s and (v.state = 'released' or (v.state in ('closed', 'cancelled') and (
    exists (select from pick_task p where p.wave_id = v.id and p.picked + p.extra > p.packed + p.returned)
    or exists (select from wave_work k join work w on w.order_id = k.order_id and w.work_seq = k.work_seq
        where k.wave_id = v.id and k.is_boxed and w.state not in ('handed_over', 'cancelled')))))
order by v.due_at nulls last, v.number limit %(limit)s

-- name: works
select v.number, k.number, o.number, k.slot, w.state, k.is_live, k.is_boxed,
    (select coalesce(sum(l.quantity), 0)::integer from work_line l where l.order_id = k.order_id and l.work_seq = k.work_seq),
    coalesce(x.picked, 0), coalesce(x.packed, 0),
    (select coalesce(jsonb_object_agg(y.code, y.units), '{}') from (
        select s.code, sum(l.quantity) as units from work_line l join sku s on s.id = l.sku_id
        where l.order_id = k.order_id and l.work_seq = k.work_seq group by s.code) y),
    coalesce(b.state, ''), coalesce(b.waybill, ''), k.weight_g, k.material, coalesce(fit.code, '')
from wave v join wave_work k on k.wave_id = v.id join orders o on o.id = k.order_id
join work w on w.order_id = k.order_id and w.work_seq = k.work_seq
left join lateral (select sum(picked)::integer as picked, sum(packed)::integer as packed from pick_task p
    where p.wave_id = k.wave_id and p.order_id = k.order_id and p.work_seq = k.work_seq) x on true
left join label b on b.work_no = k.number and b.box = 1 and b.purpose = 'out' and b.state <> 'cancelled'
left join lateral (
    select m.code from packing_material m, lateral (
        select sum(l.quantity::bigint * s.length_mm * s.width_mm * s.height_mm) as volume,
            max(greatest(s.length_mm, s.width_mm, s.height_mm)) as longest,
            bool_and(s.length_mm > 0 and s.width_mm > 0 and s.height_mm > 0) as is_known
        from work_line l join sku s on s.id = l.sku_id where l.order_id = k.order_id and l.work_seq = k.work_seq) g
    where m.is_active and g.is_known and greatest(m.length_mm, m.width_mm, m.height_mm) >= g.longest
        and m.length_mm::bigint * m.width_mm * m.height_mm >= g.volume * 115 / 100
    order by m.length_mm::bigint * m.width_mm * m.height_mm, m.code limit 1) fit on true
where v.number = any (%(numbers)s) order by v.number, k.slot, k.number

-- name: places
select p.code, p.kind, p.sequence, p.is_closed from place p join warehouse h on h.id = p.warehouse_id
where h.code = %(warehouse)s and p.kind <> 'tote' order by p.sequence, p.id limit %(limit)s

-- name: barcodes - of what is fetched, stands at the dock or a bench, or lies in a tote
select b.barcode, s.code from sku_barcode b join sku s on s.id = b.sku_id
where s.id in (
    select p.sku_id from pick_task p join wave v on v.id = p.wave_id where v.number = any (%(numbers)s)
    union
    select l.sku_id from place_level l join place p on p.id = l.place_id join warehouse h on h.id = p.warehouse_id
    where h.code = %(warehouse)s and p.kind not in ('pick', 'bulk') and l.quantity > 0)
order by b.barcode limit 20000

-- name: pictures - which of the SKUs have one
select s.code, s.picture from sku s where s.picture <> '' and s.id in (
    select p.sku_id from pick_task p join wave v on v.id = p.wave_id where v.number = any (%(numbers)s))
order by s.code

-- name: materials - in use, the smallest first
select code, name from packing_material where is_active
order by length_mm::bigint * width_mm * height_mm, code limit 500

-- name: stations - benches that have a printer which prints by itself
select distinct p.station from printer p join warehouse h on h.id = p.warehouse_id
where h.code = %(warehouse)s and p.is_automatic and p.is_active and p.station <> '' order by p.station

-- name: picture - of a SKU
select picture from sku where code = %(sku)s
