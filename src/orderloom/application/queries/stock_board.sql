-- The board of stock: which SKUs are in trouble, and what lies where.

-- name: front - SKUs in trouble: 0 oversold, 1 orders wait for more than is free, 2 the safety stock is eaten into
with short as materialized (
    select coalesce(c.component_id, l.sku_id) as sku_id, count(distinct o.id) as waiting,
        sum((l.quantity_ordered - l.quantity_cancelled - l.quantity_fulfilled) * coalesce(c.quantity, 1)) as units
    from (
        select id from orders where is_short and not is_cancelled order by paid_at nulls last, id limit %(most)s::integer
    ) o
    join order_line l on l.order_id = o.id left join sku_component c on c.bundle_id = l.sku_id
    where l.quantity_ordered - l.quantity_cancelled > l.quantity_fulfilled
    group by 1
), lacking as (
    select s.sku_id, s.waiting from short s
    where s.units > coalesce((
        select sum(l.free)
        from stock_level l join warehouse w on w.id = l.warehouse_id and w.is_active where l.sku_id = s.sku_id), 0)
), low as (
    select sku_id, min(case when reserved + allocated > on_hand - frozen then 0 else 2 end) as rank from stock_level
    where free < 0 group by sku_id
)
select sku_id, least(l.rank, case when k.waiting > 0 then 1 end), coalesce(k.waiting, 0)
from low l full join lacking k using (sku_id)
order by 2, 1 limit %(most)s::integer

-- name: skus
select s.id, s.code from sku s where s.code > %(after)s and {where} order by s.code limit %(limit)s

-- name: heads
with recursive path (id, name) as (
    select id, name from category where parent_id is null
    union all
    select c.id, p.name || '/' || c.name from category c join path p on p.id = c.parent_id
)
select s.id, s.code, s.name, s.is_active, coalesce(p.name, ''), s.goods_class, s.picture
from sku s left join path p on p.id = s.category_id where s.id = any (%(ids)s::integer[])

-- name: levels
select l.sku_id, w.code, w.name, w.is_active, l.on_hand, l.reserved, l.allocated, l.safety, l.frozen,
    l.free, l.set_aside
from stock_level l join warehouse w on w.id = l.warehouse_id
where l.sku_id = any (%(ids)s::integer[]) order by l.sku_id, w.priority, w.code

-- name: told - what channels were last told of these SKUs
with spelled as (
    select sku_id, alias, account_id from sku_alias where sku_id = any (%(ids)s::integer[])
    union select id, code, null from sku where id = any (%(ids)s::integer[])
)
select x.sku_id, c.code, t.sku_external, t.quantity, t.as_of
from account c
join stock_shown t on t.account_id = c.id and t.sku_external = any (array(select alias from spelled))
join spelled x on x.alias = t.sku_external and coalesce(x.account_id, c.id) = c.id
where c.family = 'channels' and c.is_active
order by x.sku_id, c.code, t.sku_external
