-- Waves: works that may join one, and works that ended another way.

-- name: to_pick - works of a house that nobody has begun, on whose orders nothing stands and whose stock is bound; of
-- those that are named, by number or by key, those of them; with who is named by number all that leave in its parcel
select w.order_id::text, w.work_seq, w.number, o.placed_at, o.paid_at, o.facts, a.zone, o.flags,
    coalesce((select b.carrier from label b where b.work_no = w.number and b.purpose = 'out' and b.state = 'bought'
        order by b.box limit 1), ''),
    (select array_agg(distinct z.code) from work_line l cross join lateral (
        select p.code from place_level v join place p on p.id = v.place_id
        where v.sku_id = l.sku_id and v.warehouse_id = w.warehouse_id and v.quantity > v.promised
            and p.kind in ('pick', 'bulk') order by p.sequence, p.id limit 1) z
     where l.order_id = w.order_id and l.work_seq = w.work_seq),
    (select jsonb_agg(jsonb_build_array(l.sku_id, l.quantity) order by l.line_no, l.sku_id) from work_line l
     where l.order_id = w.order_id and l.work_seq = w.work_seq),
    w.merge_no, case when w.merge_no = '' then 1 else (select count(*)::integer from work m
        where m.merge_no = w.merge_no and m.merge_no <> '' and m.state not in ('handed_over', 'cancelled')) end,
    w.service
from work w join orders o on o.id = w.order_id join account a on a.id = o.account_id
where w.account_id is null and w.state in ('allocated', 'released') and w.negotiation <> 'none'
    and (%(house)s::smallint is null or w.warehouse_id = %(house)s)
    and (%(numbers)s::text[] is null or w.number = any (%(numbers)s) or w.number in (
        select m.number from work n join work m on m.merge_no = n.merge_no and m.merge_no <> ''
        where n.number = any (%(numbers)s) and n.merge_no <> ''))
    and (%(orders)s::uuid[] is null or (w.order_id, w.work_seq) in (
        select * from unnest(%(orders)s::uuid[], %(seqs)s::smallint[])))
    and o.holds_active = 0 and not o.is_cancelled and (w.accepted_by = '' or %(orders)s::uuid[] is not null)
    and exists (select from stock_hold h where h.order_id = w.order_id and h.warehouse_id = w.warehouse_id
        and h.kind = 'allocation' and h.state = 'active')
    and (%(orders)s::uuid[] is not null or not exists (select from wave_work v
        where v.order_id = w.order_id and v.work_seq = w.work_seq and v.is_live))
order by w.order_id, w.work_seq limit %(limit)s;

-- name: scanned - units of right scans at a house since then
select coalesce(sum(quantity), 0)::integer from scan where warehouse_id = %(house)s and received_at >= %(since)s
    and verdict = 'right' and action in ('picked', 'packed');

-- name: to_tend - waves under way that hold works which are out or cancelled, box not closed by them
select v.number from wave v where v.state in ('planned', 'released') and exists (
    select from wave_work k join work w on w.order_id = k.order_id and w.work_seq = k.work_seq
    where k.wave_id = v.id and k.is_live and w.state in ('handed_over', 'cancelled', 'recalling'))
order by v.id limit %(limit)s;

-- name: ended
select w.order_id::text, w.work_seq, w.state from work w
join unnest(%(orders)s::uuid[], %(seqs)s::smallint[]) as n (order_id, seq)
    on n.order_id = w.order_id and n.seq = w.work_seq
where w.state in ('handed_over', 'cancelled', 'recalling');
