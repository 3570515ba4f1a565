-- What the hub knows of what somebody outside was asked for. Looked at only: nothing here writes.

-- name: told - what a channel was last told of each spelling, and whether that is still on its way, or was refused
with open as (
    select distinct f ->> 'sku_external' as sku
    from delivery d cross join lateral jsonb_array_elements(d.body::jsonb -> 'figures') f
    where d.account_id = %(account)s and d.kind = 'stock' and d.state in ('due', 'parked')
)
select s.sku_external, s.quantity, s.as_of, o.sku is not null
from stock_shown s left join open o on o.sku = s.sku_external
where s.account_id = %(account)s order by s.sku_external limit %(limit)s;

-- name: spelled - our SKU of each text: the account's own spelling, else one for all accounts, else our own code
select distinct on (t.text) t.text, k.code
from unnest(%(texts)s::text[]) t (text)
cross join lateral (
    select a.sku_id, (a.account_id is null)::integer as place from sku_alias a
    where a.alias = t.text and (a.account_id = %(account)s or a.account_id is null)
    union all select k.id, 2 from sku k where k.code = t.text
) s join sku k on k.id = s.sku_id
order by t.text, s.place;

-- name: levels - of these warehouses
select w.code, k.code, l.on_hand, l.allocated, l.free
from stock_level l join warehouse w on w.id = l.warehouse_id join sku k on k.id = l.sku_id
where w.code = any (%(warehouses)s) order by w.code, k.code limit %(limit)s;

-- name: codes - of what lies, or lay, in the warehouses of an account
select distinct k.code from stock_level l join warehouse w on w.id = l.warehouse_id join sku k on k.id = l.sku_id
where w.account_id = %(account)s order by k.code limit %(limit)s;

-- name: sent - pieces of work that are named, or of which a parcel went out in the time, of one system
select w.number, coalesce(sum(i.quantity), 0)::integer, array_remove(array_agg(distinct p.waybill), null),
    min(p.shipped_at)
from work w
left join parcel_item i on i.order_id = w.order_id and i.work_seq = w.work_seq and not i.is_replaced
left join parcel p on p.id = i.parcel_id
where w.account_id = %(account)s and (w.number = any (%(numbers)s) or w.changed_at >= %(start)s)
group by w.order_id, w.work_seq, w.number
having w.number = any (%(numbers)s) or min(p.shipped_at) >= %(start)s and min(p.shipped_at) < %(end)s
order by w.number limit %(limit)s;

-- name: orders - the hub's numbers of a channel's orders
select o.external_id, o.number from orders o where o.account_id = %(account)s and o.external_id = any (%(ids)s);
