-- name: labels - of a work and of those that leave with it, the boxes in their order
select l.number, l.work_no, l.box, l.purpose, a.code, l.carrier, l.state, l.waybill, l.error, length(l.print_cipher) > 0,
    l.asked_by, l.asked_at, l.answered_at, l.print_cipher
from label l join account a on a.id = l.account_id where l.work_no in (
    select %(work)s::text union all
    select m.number from work w join work m on m.merge_no = w.merge_no and m.merge_no <> ''
    where w.number = %(work)s and w.merge_no <> '') order by l.box, l.purpose, l.asked_at

-- name: one
select l.number, l.work_no, l.box, l.purpose, a.code, l.carrier, l.state, l.waybill, l.error, length(l.print_cipher) > 0,
    l.asked_by, l.asked_at, l.answered_at
from label l join account a on a.id = l.account_id where l.number = %(number)s

-- name: unused - the first label of a work, or of one that leaves with it, that was bought and is on no parcel of its order yet
select l.waybill, l.carrier from label l
where l.work_no in (
    select %(work)s::text union all
    select m.number from work w join work m on m.merge_no = w.merge_no and m.merge_no <> ''
    where w.number = %(work)s and w.merge_no <> '') and l.purpose = 'out' and l.state = 'bought' and not exists (
    select from parcel_item i join parcel p on p.id = i.parcel_id
    where i.order_id = l.order_id and upper(replace(p.waybill, ' ', '')) = l.waybill)
order by l.box limit 1

-- name: pickups - of a work, the boxes in their order
select p.number, p.work_no, p.box, p.purpose, a.code, p.carrier, p.from_at, p.until_at, p.state, p.booking, p.error,
    p.asked_by, p.asked_at, p.answered_at
from pickup p join account a on a.id = p.account_id where p.work_no = %(work)s order by p.box, p.purpose

-- name: handover - the waybills that an account sold on a day and did not take back, with whether they are out
select l.waybill, l.carrier, l.work_no, o.number, l.box, l.answered_at, exists (
    select from parcel_item i join parcel p on p.id = i.parcel_id
    where i.order_id = l.order_id and upper(replace(p.waybill, ' ', '')) = l.waybill)
from label l join orders o on o.id = l.order_id
where l.account_id = %(account)s and l.state = 'bought' and l.purpose = 'out'
    and l.answered_at >= %(start)s and l.answered_at < %(end)s
order by l.carrier, l.answered_at, l.number limit %(limit)s
