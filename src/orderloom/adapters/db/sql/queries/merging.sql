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

-- name: to_merge - works that could leave in one parcel, as `application/queries/together.sql` shows them to people
select array_agg(w.number order by w.order_id, w.work_seq), min(w.order_id::text) as first
from work w join orders o on o.id = w.order_id join warehouse b on b.id = w.warehouse_id
where w.account_id is null and w.state not in ('handed_over', 'cancelled') and w.state in ('allocated', 'released')
    and w.negotiation <> 'none' and w.accepted_by = '' and w.wave = ''
    and o.merge_key is not null and o.payment <> 'cod' and o.holds_active = 0 and not o.is_cancelled
    and not o.account_id = any (%(alone)s) and (o.receiver_country in ('', b.country) or b.country = '')
    and not exists (select from label l where l.work_no = w.number and l.purpose = 'out'
        and l.state not in ('refused', 'given_up', 'cancelled'))
group by w.warehouse_id, o.account_id, w.carrier, w.service, o.merge_key, o.receiver_country
having count(distinct case when w.merge_no = '' then w.number else w.merge_no end) > 1
order by first limit %(limit)s;
