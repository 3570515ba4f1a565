-- Waves as they are shown.

-- name: list - the newest first
select v.number, h.code, v.kind, v.state, v.rule, v.maker, v.due_at, v.opened_at, v.changed_at,
    (select count(*)::integer from wave_work k where k.wave_id = v.id), coalesce(x.units, 0), coalesce(x.picked, 0),
    coalesce(x.short, 0), coalesce(x.packed, 0)
from wave v join warehouse h on h.id = v.warehouse_id
left join lateral (select sum(quantity)::integer as units, sum(picked)::integer as picked, sum(short)::integer as short,
    sum(packed)::integer as packed from pick_task p where p.wave_id = v.id) x on true
where {where}
order by v.number desc limit %(limit)s

-- name: one
select v.number, h.code, v.kind, v.state, v.rule, v.maker, v.due_at, v.opened_at, v.changed_at, v.id::text
from wave v join warehouse h on h.id = v.warehouse_id where v.number = %(number)s

-- name: works
select k.number, o.number, k.slot, w.state, k.is_live, k.is_boxed,
    (select coalesce(sum(l.quantity), 0)::integer from work_line l where l.order_id = k.order_id and l.work_seq = k.work_seq),
    coalesce(x.picked, 0), coalesce(x.packed, 0)
from wave_work k join orders o on o.id = k.order_id
join work w on w.order_id = k.order_id and w.work_seq = k.work_seq
left join lateral (select sum(picked)::integer as picked, sum(packed)::integer as packed from pick_task p
    where p.wave_id = k.wave_id and p.order_id = k.order_id and p.work_seq = k.work_seq) x on true
where k.wave_id = %(id)s::uuid order by k.slot, k.number

-- name: tasks - in the order of the walk
select v.number || '/' || p.task_no, p.task_no, k.number, k.slot, e.code, p.sequence, s.code, s.name, coalesce(t.code, ''),
    t.expires_on, p.quantity, p.picked, p.short, p.packed, p.extra, p.returned,
    case when p.is_dropped or v.state <> 'released' then 0 else p.quantity - p.picked - p.short end,
    p.picked + p.extra - p.packed - p.returned
        - case when p.is_dropped then 0 else least(p.picked + p.extra - p.packed - p.returned, p.picked - p.packed) end,
    p.picker
from pick_task p join wave v on v.id = p.wave_id
join wave_work k on k.wave_id = p.wave_id and k.order_id = p.order_id and k.work_seq = p.work_seq
join place e on e.id = p.place_id join sku s on s.id = p.sku_id left join lot t on t.id = p.lot_id
where v.number = any (%(numbers)s) order by v.number, p.sequence, p.task_no

-- name: to_label - works of a wave that are not out, with the carrier that was chosen and the weight of their goods
select k.number, w.carrier, coalesce((select case when bool_and(s.weight_g > 0) then sum(l.quantity * s.weight_g)::bigint end
    from work_line l join sku s on s.id = l.sku_id where l.order_id = k.order_id and l.work_seq = k.work_seq), 0)
from wave_work k join wave v on v.id = k.wave_id join work w on w.order_id = k.order_id and w.work_seq = k.work_seq
where v.number = %(number)s and k.is_live order by k.slot, k.number
