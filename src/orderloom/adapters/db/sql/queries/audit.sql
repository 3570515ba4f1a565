-- name: own - what an order's row holds beside the fold: the axes' columns, then the receiver's
select id::text, phase, intake, payment, fulfilment, parcel, after_sales, holds_active, receiver_cipher, receiver_digest,
    receiver_name_index, receiver_phone_index, receiver_phone_last4, receiver_country, receiver_province, receiver_city,
    merge_key
from orders where id = any (%(ids)s::uuid[]);

-- name: money - entries whose currency or kind is not what their order or their sign says
select o.id::text, o.number, case when m.currency <> o.currency then 'currency' else 'kind' end
from money_entry m join orders o on o.id = m.order_id
where m.order_id = any (%(ids)s::uuid[])
    and (m.currency <> o.currency or m.kind = 'payment' and m.amount < 0 or m.kind = 'refund' and m.amount > 0)
order by o.id, m.entry_no;

-- name: stock - each level, the sums of its movements, what orders hold of it and quotas keep; in one snapshot
select s.code, w.code, l.on_hand, l.reserved, l.allocated, l.safety, l.frozen, l.set_aside,
    coalesce(m.on_hand, 0), coalesce(m.reserved, 0), coalesce(m.allocated, 0), coalesce(m.safety, 0),
    coalesce(m.frozen, 0), coalesce(m.set_aside, 0), coalesce(h.reserved, 0), coalesce(h.allocated, 0),
    coalesce(q.kept, 0)
from stock_level l
full join (
    select sku_id, warehouse_id, sum(on_hand) as on_hand, sum(reserved) as reserved, sum(allocated) as allocated,
        sum(safety) as safety, sum(frozen) as frozen, sum(set_aside) as set_aside
    from stock_movement group by sku_id, warehouse_id
) m using (sku_id, warehouse_id)
left join (
    select sku_id, warehouse_id, coalesce(sum(quantity) filter (where kind = 'reservation'), 0) as reserved,
        coalesce(sum(quantity) filter (where kind = 'allocation'), 0) as allocated
    from stock_hold where state = 'active' group by sku_id, warehouse_id
) h using (sku_id, warehouse_id)
left join (
    select sku_id, warehouse_id, sum(kept) as kept from stock_quota group by sku_id, warehouse_id
) q using (sku_id, warehouse_id)
left join sku s on s.id = sku_id left join warehouse w on w.id = warehouse_id
order by sku_id, warehouse_id;

-- name: quotas - what orders drew of each, and what its row says
select q.number, q.drawn, coalesce(h.drawn, 0)::integer
from stock_quota q left join (
    select quota_id, sum(quantity) as drawn from stock_hold where quota_id is not null and state <> 'released' group by 1
) h on h.quota_id = q.id
where q.drawn <> coalesce(h.drawn, 0) order by q.number;

-- name: subject_ids - of a kind
select id::text from subject where kind = %(kind)s order by id;

-- name: subjects - these subjects, held still, with where their logs end
select id::text, number, opened_at, event_count, event_head from subject
where id = any (%(ids)s::uuid[]) order by id for share;

-- name: places_differ - places, SKUs and lots of which other units lie there than the ledger of places says
select p.code, s.code, coalesce(l.quantity, 0), coalesce(m.units, 0)::bigint
from (select place_id, sku_id, lot_id, quantity from place_level) l
full join (select place_id, sku_id, lot_id, sum(units) as units from (
    select to_id as place_id, sku_id, lot_id, quantity as units from place_movement where to_id is not null
    union all
    select from_id, sku_id, lot_id, -quantity from place_movement where from_id is not null
) x group by 1, 2, 3) m using (place_id, sku_id, lot_id)
join place p on p.id = place_id join sku s on s.id = sku_id
where coalesce(l.quantity, 0) <> coalesce(m.units, 0)
order by 1, 2;

-- name: in_transit - SKUs of which other units lie in the transit warehouse than transfers have on their way
select s.code, coalesce(l.units, 0), coalesce(t.resting, 0)
from (
    select l.sku_id, sum(l.on_hand)::bigint as units from stock_level l join warehouse w on w.id = l.warehouse_id
    where w.kind = 'transit' group by l.sku_id
) l full join (
    select x.sku_id, sum(x.quantity - x.received - x.lost)::bigint as resting
    from stock_document d join stock_document_line x on x.document_id = d.id
    where d.state = 'posting' and d.kind = 'transfer' group by x.sku_id
) t using (sku_id) join sku s on s.id = sku_id
where coalesce(l.units, 0) <> coalesce(t.resting, 0) order by s.code;

-- name: vouchers - the last column: emptied when the person of an order was erased, whose log names it, or of which it is
select m.id::text, m.body_cipher, m.body_size, m.digest, m.erased_for is not null and length(m.body_cipher) = 0
    and exists (
        select from orders o join order_event e on e.order_id = o.id and e.kind = 'person_erased'
        where o.id = m.erased_for and o.is_erased and (position(m.id::text in e.facts) > 0 or exists (
            select from intake i left join message c on c.id = i.message_id left join message f on f.id = c.parent_id
            where i.order_id = o.id and m.id in (i.message_id, c.parent_id, f.parent_id))))
from message m order by m.id;

-- name: strays - rows that name a voucher, an order or an import of which nothing is left
(select 'intake', 'message_id', i.message_id::text from intake i
    where not exists (select from message m where m.id = i.message_id) limit 20)
union all
(select 'order_event', 'message_id', e.message_id::text from order_event e
    where e.message_id is not null and not exists (select from message m where m.id = e.message_id) limit 20)
union all
(select 'subject_event', 'message_id', e.message_id::text from subject_event e
    where e.message_id is not null and not exists (select from message m where m.id = e.message_id) limit 20)
union all
(select 'message', 'intake', m.id::text from message m
    where not exists (select from intake i where i.message_id = m.id) limit 20)
union all
(select 'unmasking', 'order_id', u.order_id::text from unmasking u
    where not exists (select from orders o where o.id = u.order_id)
        and not exists (select from message m where m.id = u.order_id)
        and not exists (select from file_import f where f.id = u.order_id) limit 20);

-- name: sources - what names another voucher, or another account, than the log and the voucher do
(select 'claim', 'message_id', c.order_id::text from claim c
    where c.message_id is not null and not exists (
        select from order_event e where e.order_id = c.order_id and e.message_id = c.message_id) limit 20)
union all
(select 'money_entry', 'message_id', m.order_id::text from money_entry m
    where m.message_id is not null and not exists (
        select from order_event e where e.order_id = m.order_id and e.message_id = m.message_id) limit 20)
union all
(select 'after_sale', 'message_id', a.order_id::text from after_sale a
    where a.message_id is not null and not exists (
        select from order_event e where e.order_id = a.order_id and e.message_id = a.message_id) limit 20)
union all
(select 'intake', 'account_id', i.message_id::text from intake i join message m on m.id = i.message_id
    where i.account_id <> m.account_id limit 20);
