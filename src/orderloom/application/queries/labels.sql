-- name: labels - of a work, the boxes in their order
select l.number, l.work_no, l.box, l.purpose, a.code, l.carrier, l.state, l.waybill, l.error, length(l.print_cipher) > 0,
    l.asked_by, l.asked_at, l.answered_at, l.print_cipher
from label l join account a on a.id = l.account_id where l.work_no = %(work)s order by l.box, l.purpose

-- name: one
select l.number, l.work_no, l.box, l.purpose, a.code, l.carrier, l.state, l.waybill, l.error, length(l.print_cipher) > 0,
    l.asked_by, l.asked_at, l.answered_at
from label l join account a on a.id = l.account_id where l.number = %(number)s

-- name: unused - the first label of a work that was bought and is on no parcel of its order yet
select l.waybill, l.carrier from label l
where l.work_no = %(work)s and l.purpose = 'out' and l.state = 'bought' and not exists (
    select from parcel_item i join parcel p on p.id = i.parcel_id
    where i.order_id = l.order_id and upper(replace(p.waybill, ' ', '')) = l.waybill)
order by l.box limit 1
