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
where m.wave_id = %(wave)s::uuid and p.order_id = %(order)s::uuid and p.work_seq = %(seq)s and m.kind in ('pack', 'unpack', 'out')
group by m.task_no, m.sku_id, m.lot_id
having sum(case m.kind when 'pack' then m.quantity else -m.quantity end) > 0;

-- name: box_label - of the first box of a work and of all that leave with it, locked: its answer waits; and how many of them were given back
select l.number, l.state, l.waybill, l.station, (select count(*)::integer + 1 from label b
    where b.work_no = %(work)s and b.box = 1 and b.purpose = 'out' and b.state = 'cancelled')
from label l where l.work_no in (
    select %(work)s::text union all
    select m.number from work w join work m on m.merge_no = w.merge_no and m.merge_no <> ''
    where w.number = %(work)s and w.merge_no <> '') and l.box = 1 and l.purpose = 'out' and l.state <> 'cancelled'
order by l.state in ('refused', 'given_up'), l.work_no <> %(work)s, l.number limit 1 for update;

-- name: rounds - which label of a box the next one is
select count(*)::integer + 1 from label
where work_no = %(work)s and box = 1 and purpose = 'out' and state = 'cancelled';

-- name: print_label - one that no station printed by itself waits at the printer of this one now
with mine as (
    update label set station = %(station)s where number = %(number)s and station = '' and %(station)s <> ''
    returning number, work_no, box, purpose, order_id
), queued as (
    insert into print_job (printer_id, warehouse_id, order_id, paper, about, size, state, made_by, made_at)
    select p.id, p.warehouse_id, m.order_id, 'label', array[m.work_no, m.box::text, m.purpose], p.size, 'queued', %(by)s, %(at)s
    from mine m join work w on w.number = m.work_no
    join printer p on p.warehouse_id = w.warehouse_id and p.station = %(station)s and p.is_automatic and p.is_active
    returning printer_id
)
select p.name from queued q join printer p on p.id = q.printer_id;

-- name: send_label_to - one that is on its way is printed where its box was closed
update label set station = %(station)s where number = %(number)s and station = '';

-- name: leaves_with - works that leave in one parcel with this one
select m.number from work w join work m on m.merge_no = w.merge_no and m.merge_no <> ''
where w.number = %(work)s and w.merge_no <> '' and m.number <> w.number order by m.number;

-- name: grams_of - what the goods of a work and of all that leave with it weigh; nothing where a weight is not known
select case when bool_and(s.weight_g > 0) then sum(l.quantity * s.weight_g)::bigint else 0 end
from work w join work_line l on l.order_id = w.order_id and l.work_seq = w.work_seq join sku s on s.id = l.sku_id
where w.number in (
    select %(work)s::text union all
    select m.number from work w join work m on m.merge_no = w.merge_no and m.merge_no <> ''
    where w.number = %(work)s and w.merge_no <> '');

-- name: material
select code, weight_g, is_active from packing_material where code = %(code)s;

-- name: to_undo - the last that moved anything on its terminal, told by whoever made it
select v.number, v.id::text, s.task_no from scan s join wave v on v.id = s.wave_id
where s.id = %(id)s::uuid and s.actor = %(by)s and s.warehouse_id = %(house)s and s.verdict = 'right'
    and s.action in ('picked', 'packed') and s.task_no is not null
    and not exists (select from scan t where t.device = s.device and t.seq > s.seq and t.verdict in ('right', 'late')
        and t.action in ('picked', 'packed', 'put_away', 'short', 'out'))
    and not exists (select from scan u where u.action = 'undone' and u.code = s.id::text and u.verdict = 'right');

-- name: moved_by
select kind, warehouse_id, sku_id, lot_id, quantity, coalesce(from_id, 0), coalesce(to_id, 0), task_no from place_movement
where cause = %(cause)s order by line_no;
