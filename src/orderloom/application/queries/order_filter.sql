-- Conditions on `orders` by what stands beside an order.

-- name: held
id in (select subject_id from hold where subject_kind = 'order' and released_at is null)

-- name: warehouse
exists (select 1 from work w where w.order_id = orders.id and w.warehouse_id = any(%(warehouse_ids)s)
    and w.state <> 'cancelled')

-- name: tag
id in (select order_id from order_tag where tag = any(%(tags)s))

-- name: hold
id in (select subject_id from hold where subject_kind = 'order' and released_at is null and type = any(%(hold_types)s))

-- name: case
id in (select order_id from case_file where kind = any(%(case_kinds)s) and resolved_at is null and order_id is not null)

-- name: carrier
id in (select i.order_id from parcel p join parcel_item i on i.parcel_id = p.id where p.carrier = any(%(carriers)s))

-- name: field
id in (select order_id from order_field where field = %(field_{n})s and value = %(value_{n})s)

-- name: late
id in (select order_id from order_ship_by where is_open and ({either}))

-- name: exact
select id from orders where number = %(number)s
union
select o.id from account a join orders o on o.account_id = a.id and o.external_id = %(external)s
union
select o.id from account a join orders o on o.account_id = a.id and o.external_number <> ''
    and o.external_number in (%(external)s, '#' || %(external)s)
limit 200
