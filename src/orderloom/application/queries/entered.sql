-- Typed orders as they are taken in, and goods as they are looked for while one is typed.

-- name: became
select i.outcome, i.reason, i.detail, o.id::text, o.number
from intake i left join orders o on o.id = i.order_id where i.message_id = %(id)s::uuid

-- name: goods
select s.code, s.name, coalesce((
    select json_agg(json_build_object('warehouse', w.code, 'free', l.free) order by w.priority, w.code)
    from stock_level l join warehouse w on w.id = l.warehouse_id where l.sku_id = s.id and w.is_active), '[]')
from sku s
where s.is_active and (strpos(lower(s.code), %(text)s) > 0 or strpos(lower(s.name), %(text)s) > 0)
order by strpos(lower(s.code), %(text)s) <> 1, length(s.code), s.code limit %(limit)s
