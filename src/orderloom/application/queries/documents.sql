-- Stock documents as they are shown: a list, and one with its lines.

-- name: list - newest first; who is limited sees those of whose lines one is theirs
select d.number, d.kind, d.state, d.reason, d.maker, h.code, d.units, d.amount, d.currency, d.held_for, d.judge,
    d.opened_at, d.changed_at, d.line_count, coalesce(l.in_transit, 0), d.id::text
from stock_document d left join warehouse h on h.id = d.to_id
left join lateral (
    select sum(quantity - received - lost)::integer as in_transit from stock_document_line x
    where x.document_id = d.id and d.state = 'posting'
) l on true
where {where}
order by d.id desc limit %(limit)s

-- name: one
select d.id::text, d.number, d.kind, d.state, d.reason, d.maker, h.code, d.units, d.amount, d.currency, d.held_for, d.why,
    d.judge, d.answer, d.opened_at, d.changed_at, d.began_at, d.line_count
from stock_document d left join warehouse h on h.id = d.to_id where d.number = %(number)s

-- name: lines
select l.line_no, s.code, s.name, coalesce(w.code, ''), l.quantity, l.is_frozen, l.frozen, l.counts, l.received, l.found, l.lost,
    l.sku_id, l.warehouse_id
from stock_document_line l join sku s on s.id = l.sku_id left join warehouse w on w.id = l.warehouse_id
where l.document_id = %(id)s::uuid order by l.line_no
