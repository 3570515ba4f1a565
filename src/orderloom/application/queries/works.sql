-- Works that people do by hand, in warehouses without a system: oldest first, found by the partial index work_by_hand.

-- name: page
select w.number, o.id::text, o.number, o.external_id, a.code, h.code, w.state, w.negotiation = 'none' and w.state <> 'cancelled',
    w.created_at, w.changed_at, o.is_cancelled, o.note,
    (select coalesce(jsonb_agg(jsonb_build_object('line_no', l.line_no, 'sku', s.code, 'title', ol.title, 'quantity', l.quantity,
        'boxed', (select coalesce(sum(i.quantity), 0) from parcel_item i where i.order_id = l.order_id
            and i.work_seq = l.work_seq and i.line_no = l.line_no and i.sku_id = l.sku_id)) order by l.line_no, s.code), '[]')
     from work_line l join sku s on s.id = l.sku_id join order_line ol on ol.order_id = l.order_id and ol.line_no = l.line_no
     where l.order_id = w.order_id and l.work_seq = w.work_seq),
    (select coalesce(jsonb_agg(b order by b.parcel_no), '[]') from (
        select distinct i.parcel_no, p.carrier, p.waybill, p.state from parcel_item i join parcel p on p.id = i.parcel_id
        where i.order_id = w.order_id and i.work_seq = w.work_seq) b),
    w.merge_no, w.order_id::text, w.work_seq, o.receiver_cipher
from (select * from work where account_id is null and {where} order by order_id, work_seq limit %(limit)s) w
join orders o on o.id = w.order_id join account a on a.id = o.account_id join warehouse h on h.id = w.warehouse_id
order by w.order_id, w.work_seq

-- name: given
select w.number, w.state, w.account_id is not null from work w where w.number = any(%(numbers)s)

-- name: pick
select h.code, s.code, s.name, sum(left_over)::int, array_agg(distinct w.number order by w.number)
from (select w.* from work w where account_id is null and {where} order by order_id, work_seq limit %(limit)s) w
join work_line l on l.order_id = w.order_id and l.work_seq = w.work_seq
join sku s on s.id = l.sku_id join warehouse h on h.id = w.warehouse_id
cross join lateral (select l.quantity - coalesce((select sum(i.quantity) from parcel_item i where i.order_id = l.order_id
    and i.work_seq = l.work_seq and i.line_no = l.line_no and i.sku_id = l.sku_id), 0)) as u (left_over)
where left_over > 0
group by h.code, s.code, s.name order by h.code, s.code
