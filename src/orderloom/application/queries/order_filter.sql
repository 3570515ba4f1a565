-- What a filter of orders looks up by itself.

-- name: exact - orders whose number this is, the hub's, the channel's or the buyer's
select id from orders where number = %(number)s
union
select o.id from account a join orders o on o.account_id = a.id and o.external_id = %(external)s
union
select o.id from account a join orders o on o.account_id = a.id and o.external_number <> ''
    and o.external_number in (%(external)s, '#' || %(external)s)
limit 200
