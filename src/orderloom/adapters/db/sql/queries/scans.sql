-- Terminals and what they scanned.

-- name: lock_terminal
insert into terminal (device, warehouse_id, seen_at) values (%(device)s, %(house)s, %(at)s)
on conflict (device) do update set warehouse_id = excluded.warehouse_id, seen_at = excluded.seen_at;

-- name: known - by its id first
select device, seq, answer from scan
where id = %(id)s::uuid or (device = %(device)s and seq = %(seq)s)
order by (id = %(id)s::uuid) desc limit 1;

-- name: add
insert into scan (id, device, seq, warehouse_id, action, at_device, received_at, actor, station, subject, code, quantity,
    is_offline, verdict, reason, wave_id, task_no, answer)
values (%(id)s, %(device)s, %(seq)s, %(house)s, %(action)s, %(at)s, %(received)s, %(by)s, %(station)s, %(subject)s,
    %(code)s, %(quantity)s, %(offline)s, %(verdict)s, %(reason)s, %(wave)s::uuid, %(task)s, %(answer)s::jsonb);

-- name: contiguous - the longest run of its count that is here
with run as (
    select max(x.seq) as until from (
        select s.seq, t.contiguous + row_number() over (order by s.seq) as due
        from terminal t join scan s on s.device = t.device and s.seq > t.contiguous
        where t.device = %(device)s
    ) x where x.seq = x.due
)
update terminal set contiguous = coalesce((select until from run), contiguous) where device = %(device)s
returning contiguous;

-- name: wave_of
select id::text from wave where number = %(number)s;

-- name: wave_of_work - the live one, else the last
select v.number, v.id::text from wave_work k join wave v on v.id = k.wave_id
where k.number = %(number)s order by k.is_live desc, v.id desc limit 1;

-- name: work_of_waybill
select w.number from label b join work w on w.number = b.work_no
where b.waybill = %(waybill)s and b.state = 'bought' and b.purpose = 'out' and w.warehouse_id = %(house)s
order by b.asked_at desc limit 1;

-- name: label_of - a work's, or that of one which leaves with it
select waybill, carrier from label where work_no in (
    select %(work)s::text union all
    select m.number from work w join work m on m.merge_no = w.merge_no and m.merge_no <> ''
    where w.number = %(work)s and w.merge_no <> '') and purpose = 'out' and state = 'bought' and waybill <> ''
order by box limit 1;

-- name: in_box - packed, less what is out already
select m.task_no, (array_agg(m.to_id) filter (where m.kind = 'pack'))[1], m.sku_id, m.lot_id,
    sum(case m.kind when 'pack' then m.quantity else -m.quantity end)::integer
from place_movement m join pick_task p on p.wave_id = m.wave_id and p.task_no = m.task_no
where m.wave_id = %(wave)s::uuid and p.order_id = %(order)s::uuid and p.work_seq = %(seq)s and m.kind in ('pack', 'out')
group by m.task_no, m.sku_id, m.lot_id
having sum(case m.kind when 'pack' then m.quantity else -m.quantity end) > 0;
