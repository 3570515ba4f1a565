-- Everything the hub knows of one order, one statement per kind of row. Column order is field order.

-- name: header
select o.id::text, o.number, a.code, a.connector, o.external_id, o.external_number, o.parent_external_id, o.native, o.phase, o.stage,
    o.staged_at, o.revision, o.placed_at, o.paid_at, o.received_at, o.source_zone, o.source_placed_at, o.intake,
    o.payment, o.fulfilment, o.parcel, o.after_sales, o.holds_active, o.is_cancelled, o.is_short,
    o.is_fulfilled_elsewhere, o.flags, o.note, o.currency, o.total, o.freight, o.discount, o.tax, o.paid, o.refunded,
    o.blueprint, o.event_count, encode(o.event_head, 'hex'), o.receiver_cipher
from orders o join account a on a.id = o.account_id
where o.id = %(id)s::uuid

-- name: lines
select l.line_no, l.external_id, coalesce(s.code, ''), l.sku_external, l.title, l.kind, l.quantity_ordered,
    l.quantity_cancelled, l.quantity_fulfilled, l.quantity_shipped, l.quantity_returned, l.quantity_elsewhere,
    l.quantity_unpaid, l.factor, l.price, l.discount, l.amount, l.native, l.is_closed, l.is_disputed
from order_line l left join sku s on s.id = l.sku_id
where l.order_id = %(id)s::uuid order by l.line_no

-- name: charges
select kind, title, amount, tax from order_charge where order_id = %(id)s::uuid order by charge_no

-- name: money
select entry_key, kind, amount, currency, said_at from money_entry
where order_id = %(id)s::uuid order by said_at, entry_key

-- name: after_sales
select external_id, kind, state, native, revision, asked_at, reason, currency, amount, refunded, waybill, carrier, lines,
    message_id::text, decision, decision_amount, decision_state
from after_sale where order_id = %(id)s::uuid order by after_sale_no

-- name: claims
select system, milestone, native, said_at, seen_at, waybill, message_id::text from claim
where order_id = %(id)s::uuid order by said_at, claim_no

-- name: events
select seq, kind, at, actor, message_id::text, blueprint, facts, encode(hash, 'hex') from order_event
where order_id = %(id)s::uuid and seq >= %(from)s order by seq limit %(limit)s

-- name: holds
select hold_no, type, scope, scope_key, reason, placed_by, placed_at, verbs, expires_at, released_by, released_at
from hold where subject_kind = 'order' and subject_id = %(id)s::uuid order by hold_no

-- name: works
select w.work_seq, w.number, h.code, a.code, w.state, w.negotiation, w.native, w.created_at, w.changed_at,
    (select jsonb_agg(jsonb_build_object('line_no', l.line_no, 'sku', s.code, 'quantity', l.quantity)
        order by l.line_no, s.code)
     from work_line l join sku s on s.id = l.sku_id
     where l.order_id = w.order_id and l.work_seq = w.work_seq)
from work w join warehouse h on h.id = w.warehouse_id left join account a on a.id = w.account_id
where w.order_id = %(id)s::uuid order by w.work_seq

-- name: parcels
select i.parcel_no, p.id::text, p.carrier, p.waybill, p.state, p.shipped_at, p.delivered_at, p.heard_at, i.told,
    i.is_replaced, jsonb_agg(jsonb_build_object('work_seq', i.work_seq, 'line_no', i.line_no, 'sku', coalesce(s.code, ''),
        'quantity', i.quantity) order by i.work_seq, i.line_no, s.code),
    array(select distinct o.number from parcel_item x join orders o on o.id = x.order_id
        where x.parcel_id = p.id and x.order_id <> i.order_id order by o.number)
from parcel_item i join parcel p on p.id = i.parcel_id left join sku s on s.id = i.sku_id
where i.order_id = %(id)s::uuid
group by i.order_id, i.parcel_no, p.id, p.carrier, p.waybill, p.state, p.shipped_at, p.delivered_at, p.heard_at, i.told,
    i.is_replaced
order by i.parcel_no

-- name: scans
select parcel_no, code, milestone, occurred_at, location, text, incident, blame from parcel_event
where order_id = %(id)s::uuid order by parcel_no, occurred_at, code

-- name: stock_holds
select h.hold_no, h.line_no, s.code, w.code, h.quantity, h.kind, h.state, h.held_at
from stock_hold h join sku s on s.id = h.sku_id join warehouse w on w.id = h.warehouse_id
where h.order_id = %(id)s::uuid order by h.hold_no

-- name: deliveries
select d.id::text, a.code, d.kind, d.state, d.attempts, d.due_at, d.created_at, d.done_at, d.last_error
from delivery d join account a on a.id = d.account_id
where d.order_id = %(id)s::uuid order by d.position

-- name: cases
select id::text, kind, subject, owner, opened_at, due_at, sightings, resolved_at, resolved_by, resolution from case_file
where order_id = %(id)s::uuid and not is_group
union all
select c.id::text, c.kind, m.subject, c.owner, m.seen_at, c.due_at, 1, m.resolved_at, m.resolved_by, c.resolution
from case_member m join case_file c on c.id = m.case_id where m.order_id = %(id)s::uuid
order by opened_at

-- name: case_events
select e.at, e.by, c.kind, e.kind, e.detail from case_event e join case_file c on c.id = e.case_id
where c.order_id = %(id)s::uuid and e.kind <> 'resolved' order by e.at, e.seq

-- name: tags
select t.name, t.colour from order_tag x join tag t on t.name = x.tag where x.order_id = %(id)s::uuid order by t.name

-- name: vouchers
select m.id::text, a.code, m.topic, m.event_id, m.received_at, m.body_size, encode(m.digest, 'hex'), i.outcome
from intake i join message m on m.id = i.message_id join account a on a.id = m.account_id
where i.order_id = %(id)s::uuid order by m.id

-- name: decision
select seq, kind, at, facts from order_event
where order_id = %(id)s::uuid and kind in ('stock_held', 'stock_short')
    and facts::jsonb ->> 'rule' <> 'beside' order by seq desc limit 1

-- name: sku_codes
select id, code from sku where id = any (%(ids)s::integer[])

-- name: unmaskings
select who, reason, at from unmasking where order_id = %(id)s::uuid order by at
