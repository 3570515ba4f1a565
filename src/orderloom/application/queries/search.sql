-- What one text finds, of each kind, best first: all by index.

-- name: orders - whole numbers of ours, of channels and of buyers
select o.id::text, o.number, o.external_id, o.phase, o.stage, a.code from orders o join account a on a.id = o.account_id
where o.id = any (%(ids)s::uuid[]) order by o.id desc limit %(limit)s

-- name: parcels
select p.waybill, p.carrier, p.state, o.number from parcel p
join parcel_item i on i.parcel_id = p.id join orders o on o.id = i.order_id
where upper(replace(p.waybill, ' ', '')) = %(waybill)s
group by 1, 2, 3, 4 order by 4 desc limit %(limit)s

-- name: skus - the code first, then what begins with it, then names
select code, name, code = %(q)s from sku
where code = %(q)s or code ilike %(begins)s or name ilike %(holds)s
order by code = %(q)s desc, code ilike %(begins)s desc, code limit %(limit)s

-- name: cases
select id::text, kind, subject, opened_at from case_file
where resolved_at is null and order_id = any (%(ids)s::uuid[]) order by opened_at desc limit %(limit)s
