-- Which order somebody means.

-- name: id_of
select id::text from orders where number = %(ref)s

-- name: ids_of - of many, by number or id
select number, id::text from orders where number = any (%(refs)s)
union
select id::text, id::text from orders where id = any (%(ids)s::uuid[])

-- name: ids_of_external - of many, by what their channels or their buyers call them
select o.external_id, o.id::text from account a join orders o on o.account_id = a.id and o.external_id = any (%(refs)s)
union
select trim(leading '#' from o.external_number), o.id::text from account a
join orders o on o.account_id = a.id and o.external_number <> '' and o.external_number = any (%(hashed)s)
order by 2 desc limit 10000

-- name: ids_of_waybills - of many, by the parcels that carry them
select upper(replace(p.waybill, ' ', '')), o.id::text from parcel p
join parcel_item i on i.parcel_id = p.id join orders o on o.id = i.order_id
where upper(replace(p.waybill, ' ', '')) = any (%(waybills)s)
group by 1, 2 order by 2 desc limit 10000

-- name: id_of_external
select o.id::text, o.number, a.code from account a join orders o on o.account_id = a.id and o.external_id = %(ref)s
union
select o.id::text, o.number, a.code from account a join orders o on o.account_id = a.id and o.external_number <> ''
    and o.external_number in (%(ref)s, '#' || %(ref)s)
order by 1 desc limit 20

-- name: id_of_uuid
select id::text from orders where id = %(ref)s::uuid

-- name: stored_receiver
select receiver_cipher, buyer_index from orders where id = %(id)s::uuid

-- name: buyer_index
select buyer_index from orders where id = %(id)s::uuid
