-- name: works - of an order, with what is in them, who has them in hand, and the label of their first box
select w.number, h.code, h.is_floor, w.state, coalesce(a.code, ''), w.accepted_by, coalesce(v.number, w.wave),
    (select jsonb_agg(jsonb_build_array(s.code, s.name, l.quantity) order by l.line_no, s.code)
     from work_line l join sku s on s.id = l.sku_id where l.order_id = w.order_id and l.work_seq = w.work_seq),
    coalesce(b.number, ''), coalesce(b.state, ''), coalesce(b.waybill, '')
from work w join warehouse h on h.id = w.warehouse_id left join account a on a.id = w.account_id
left join label b on b.work_no = w.number and b.box = 1 and b.purpose = 'out' and b.state <> 'cancelled'
left join wave_work k on k.order_id = w.order_id and k.work_seq = w.work_seq and k.is_live
left join wave v on v.id = k.wave_id
where w.order_id = %(order)s order by w.work_seq

-- name: order
select number, stage, is_cancelled from orders where id = %(order)s
