-- What mending a case needs to know.

-- name: candidates - SKUs that a spelling may mean: of that code or spelling elsewhere, of a like beginning, of like words
with told as (
    select s.id, 1 as place from sku s where lower(s.code) = any (%(exact)s::text[])
    union all
    select a.sku_id, 1 from sku_alias a where lower(a.alias) = any (%(exact)s::text[])
    union all
    select b.sku_id, 1 from sku_barcode b where b.barcode = any (%(exact)s::text[])
    union all
    (select s.id, 2 from sku s where s.code like any (%(starts)s::text[]) limit %(most)s)
    union all
    (select s.id, 3 from sku s where s.name ilike any (%(words)s::text[])
        order by (select count(*) from unnest(%(words)s::text[]) w where s.name ilike w) desc limit %(most)s)
), found as (
    select id, min(place) as place from told group by id order by min(place), id limit %(most)s
)
select s.id, s.code, s.name, array(select a.alias from sku_alias a where a.sku_id = s.id limit 50),
    array(select b.barcode from sku_barcode b where b.sku_id = s.id limit 20)
from found f join sku s on s.id = f.id where s.is_active

-- name: looked_for - SKUs by what somebody types
select s.id, s.code, s.name, array(select a.alias from sku_alias a where a.sku_id = s.id limit 50),
    array(select b.barcode from sku_barcode b where b.sku_id = s.id limit 20)
from sku s where s.is_active and (s.code ilike %(like)s or s.name ilike %(like)s
    or s.id in (select sku_id from sku_alias where alias ilike %(like)s)
    or s.id in (select sku_id from sku_barcode where barcode = %(text)s)) order by s.code limit %(most)s

-- name: prices - what these SKUs were sold for last, among the newest orders
select distinct on (l.sku_id) l.sku_id, l.price, o.currency
from (select id, currency from orders order by id desc limit %(orders)s) o
join order_line l on l.order_id = o.id
where l.sku_id = any (%(skus)s::integer[]) order by l.sku_id, o.id desc

-- name: available - units available to promise of these SKUs, over all warehouses
select v.sku_id, sum(v.free)::bigint
from stock_level v where v.sku_id = any (%(skus)s::integer[]) group by v.sku_id

-- name: under_way - messages of a case that go through again
select count(*) from intake where outcome = 'pending' and reason = %(kind)s and park_key = %(subject)s

-- name: replayed - when messages of a case were tried last, and how often
select max(attempts), max(processed_at) from intake where message_id = any (%(ids)s::uuid[])

-- name: attempts - how often deliveries were sent
select max(attempts), max(done_at) from delivery where id = any (%(ids)s::uuid[])

-- name: holds - what stops an order
select hold_no, type, reason from hold where subject_id = %(order)s::uuid and released_at is null order by hold_no
