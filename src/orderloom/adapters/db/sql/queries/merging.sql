-- Works that are to leave in one parcel.

-- name: find_together - of works by number: their own orders, and those of all that share a merge with them
select w.number, w.order_id::text, true from work w where w.number = any (%(numbers)s)
union all
select distinct w.number, m.order_id::text, false from work w join work m on m.merge_no = w.merge_no and m.merge_no <> ''
where w.number = any (%(numbers)s) and w.merge_no <> '' and m.order_id <> w.order_id
order by 1, 3 desc, 2;

-- name: merging - of orders by id: who may share a parcel, and the numbers of works whose label was bought or may have been
select o.id::text, o.merge_key, array(select l.work_no from label l
    where l.order_id = o.id and l.purpose = 'out' and l.state not in ('refused', 'given_up', 'cancelled'))
from orders o where o.id = any (%(ids)s::uuid[]);
