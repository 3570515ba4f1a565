-- name: events - what was told of a subject, in order
select facts, at from subject_event where subject_id = %(id)s::uuid order by seq;

-- name: fewer_lines - lines that were taken out of a draft
delete from stock_document_line where document_id = %(id)s::uuid and line_no > %(lines)s;

-- name: costs - what units of SKUs cost, of those that have a cost
select id, cost, cost_currency from sku where id = any (%(skus)s) and cost is not null and cost_currency <> '';

-- name: transit
select id from warehouse where kind = 'transit';

-- name: make_transit - once, under a code that is nobody's
insert into warehouse (code, name, kind, is_active)
select c.code, '在途 / In transit', 'transit', false
from (select 'TRANSIT' || case when n = 1 then '' else '-' || n end as code, n from generate_series(1, 100) n) c
where not exists (select from warehouse w where w.code = c.code)
order by c.n limit 1
on conflict do nothing;

-- name: moved_since - units that came or went of each since an instant
select n.no, coalesce(sum(m.on_hand), 0)::integer
from unnest(%(no)s::integer[], %(sku)s::integer[], %(warehouse)s::smallint[], %(since)s::timestamptz[])
    as n (no, sku_id, warehouse_id, since)
left join stock_movement m on m.sku_id = n.sku_id and m.warehouse_id = n.warehouse_id and m.at > n.since
group by n.no;

-- name: aged - transfers of which something is in transit for longer, and those that a case is open about
select d.number, min(d.began_at), coalesce(sum(l.quantity - l.received - l.lost), 0)::integer, w.code
from stock_document d join stock_document_line l on l.document_id = d.id join warehouse w on w.id = d.to_id
where d.state = 'posting' and d.began_at < %(before)s group by d.number, w.code order by 2, 1 limit 1000;
