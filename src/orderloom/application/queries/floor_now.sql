-- The floor as it is now.

-- name: devices - with the last reading of each
select d.device, w.code, d.kind, d.station, d.is_active, d.heard_at, r.value, coalesce(r.unit, ''), coalesce(r.code, ''),
    coalesce(r.verdict, '')
from floor_device d join warehouse w on w.id = d.warehouse_id
left join lateral (
    select r.value, r.unit, r.code, r.verdict from device_reading r where r.device = d.device and r.received_at = d.heard_at
    limit 1
) r on true
where %(warehouse)s::text = '' or w.code = %(warehouse)s order by d.device limit %(limit)s

-- name: stations - by the scans of the last hour; one that names no station is a terminal's
select coalesce(nullif(s.station, ''), s.device), count(*) filter (where s.verdict = 'right')::integer,
    (count(*) filter (where s.verdict = 'right' and s.received_at >= %(pace)s) * 10 / %(minutes)s)::integer,
    count(*) filter (where s.verdict in ('wrong', 'unknown', 'over'))::integer, max(s.received_at), max(d.value)::bigint,
    max(d.at)
from scan s join warehouse w on w.id = s.warehouse_id
left join lateral (
    select r.value, r.received_at as at from floor_device f join device_reading r on r.device = f.device
    where f.kind = 'scale' and f.warehouse_id = s.warehouse_id and f.station = s.station and r.received_at = f.heard_at
    order by r.received_at desc limit 1
) d on true
where w.code = %(warehouse)s and s.received_at >= %(hour)s
group by 1 order by 3 desc, 1 limit %(limit)s

-- name: places - that were picked from in the last hour, or will be
select p.code, p.sequence, coalesce(h.picks, 0)::integer, coalesce(h.units, 0)::integer, coalesce(l.promised, 0)::integer
from place p join warehouse w on w.id = p.warehouse_id
left join (
    select t.place_id, count(*) picks, sum(s.quantity) units from scan s
    join warehouse w on w.id = s.warehouse_id join pick_task t on t.wave_id = s.wave_id and t.task_no = s.task_no
    where w.code = %(warehouse)s and s.received_at >= %(hour)s and s.action = 'picked' and s.verdict in ('right', 'late')
    group by 1
) h on h.place_id = p.id
left join (select place_id, sum(promised) promised from place_level group by 1) l on l.place_id = p.id
where w.code = %(warehouse)s and p.kind in ('pick', 'bulk') order by p.sequence, p.code limit %(limit)s

-- name: stuck - works that are not out and did not move, nor were scanned, since then
select k.number, o.number, k.state, coalesce(v.number, ''), greatest(k.changed_at, m.at)
from work k join orders o on o.id = k.order_id join warehouse w on w.id = k.warehouse_id
left join wave_work x on x.order_id = k.order_id and x.work_seq = k.work_seq and x.is_live
left join wave v on v.id = x.wave_id
left join lateral (
    select max(p.at) as at from pick_task t join place_movement p on p.wave_id = t.wave_id and p.task_no = t.task_no
    where t.order_id = k.order_id and t.work_seq = k.work_seq and t.wave_id = x.wave_id
) m on true
where w.code = %(warehouse)s and k.state not in ('handed_over', 'cancelled') and k.changed_at < %(stuck)s
    and coalesce(m.at, k.changed_at) < %(stuck)s
order by 5, 1 limit %(limit)s
