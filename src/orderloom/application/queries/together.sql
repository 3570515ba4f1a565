-- Works that could leave in one parcel: those of warehouses without a system which nobody has begun, found by the partial
-- index work_by_hand.

-- name: together - by shop, receiver, warehouse and carrier; those that are in one parcel already are none
select h.code, g.account, g.carrier, g.works, g.cipher
from (
    select w.warehouse_id, a.code as account, w.carrier, min(w.order_id::text) as first,
        (array_agg(o.receiver_cipher order by w.order_id, w.work_seq))[1] as cipher,
        jsonb_agg(jsonb_build_object('number', w.number, 'order', o.number, 'order_id', o.id, 'merge', w.merge_no,
            'created_at', w.created_at, 'units', (select sum(l.quantity) from work_line l
                where l.order_id = w.order_id and l.work_seq = w.work_seq)) order by w.order_id, w.work_seq) as works
    from work w join orders o on o.id = w.order_id join account a on a.id = o.account_id
    join warehouse b on b.id = w.warehouse_id
    where w.account_id is null and w.state not in ('handed_over', 'cancelled') and w.state in ('allocated', 'released')
        and w.negotiation <> 'none' and w.accepted_by = '' and w.wave = ''
        and o.merge_key is not null and o.payment <> 'cod' and o.holds_active = 0 and not o.is_cancelled
        and not o.account_id = any (%(alone)s) and (o.receiver_country in ('', b.country) or b.country = '')
        and (%(warehouse)s::smallint is null or w.warehouse_id = %(warehouse)s)
        and not exists (select from label l where l.work_no = w.number and l.purpose = 'out'
            and l.state not in ('refused', 'given_up', 'cancelled'))
    group by w.warehouse_id, a.code, w.carrier, w.service, o.merge_key, o.receiver_country
    having count(distinct case when w.merge_no = '' then w.number else w.merge_no end) > 1
    order by first limit %(limit)s
) g join warehouse h on h.id = g.warehouse_id
order by g.first

-- name: open_beside - works of the order of a work that have not ended
select w.number from work n join work w on w.order_id = n.order_id
where n.number = %(number)s and w.state not in ('handed_over', 'cancelled') order by w.work_seq
