-- Snapshots of stock: taken once each, by one worker at a time; what others say, beside the book of that time.

-- name: begin - null when the clock's one of that instant is there already
insert into stock_snapshot (id, number, scheduled_for, began_at, lease_until, by_actor)
values (%(id)s, %(number)s, %(scheduled_for)s, %(at)s, %(until)s, %(by)s)
on conflict (scheduled_for) do nothing returning number;

-- name: is_there - it was begun, or the hub is younger than that instant: then nobody expects one
select exists (select from stock_snapshot where scheduled_for = %(scheduled_for)s)
    or not exists (select from blueprint_version where published_at <= %(scheduled_for)s);

-- name: waiting - one that nobody takes: asked for just now, or its worker died
select number from stock_snapshot where ended_at is null and lease_until <= %(at)s order by began_at limit 1;

-- name: lease
update stock_snapshot set lease_until = %(until)s
where number = %(number)s and ended_at is null and lease_until <= %(at)s returning number;

-- name: end
update stock_snapshot set ended_at = %(at)s, compared = %(compared)s, explained = %(explained)s, differ = %(differ)s,
    systems = %(systems)s, unread = %(unread)s::jsonb, tripped = %(tripped)s
where number = %(number)s and ended_at is null returning id::text;

-- name: rows
insert into stock_snapshot_row (snapshot_id, row_no, sku_id, system, place, spelling, meaning, ours, theirs, explained)
select %(id)s, r.no, k.id, r.system, r.place, r.spelling, r.meaning, r.ours, r.theirs, r.explained
from jsonb_to_recordset(%(rows)s::jsonb) as r (no integer, sku text, system text, place text, spelling text, meaning text,
    ours integer, theirs integer, explained text)
left join sku k on k.code = r.sku;

-- name: open_breakers
insert into stock_breaker (sku_id, snapshot_id, opened_at, until)
select k.id, %(id)s, %(at)s, %(until)s from sku k where k.code = any (%(skus)s) order by k.id returning sku_id;

-- name: close_breakers - whose time is over, or (number given) those of a snapshot that a person lets go on
update stock_breaker b set closed_at = %(at)s
from stock_snapshot s, sku k
where s.id = b.snapshot_id and k.id = b.sku_id and b.closed_at is null
    and (b.until <= %(at)s or s.number = %(number)s::text)
returning s.number, k.id, k.code;

-- name: book - the hub's figure of a meaning now, and by how much its last movements changed it, newest first
select a.i, coalesce(f.now, 0), coalesce(m.deltas, '{}')
from unnest(%(skus)s::text[], %(houses)s::text[], %(meanings)s::text[], %(sinces)s::timestamptz[])
    with ordinality as a (sku, house, meaning, since, i)
join sku k on k.code = a.sku join warehouse w on w.code = a.house
left join lateral (
    select case a.meaning when 'physical' then l.on_hand when 'net_of_orders' then l.on_hand - l.allocated else l.free end
    from stock_level l where l.sku_id = k.id and l.warehouse_id = w.id
) f (now) on true
left join lateral (
    select array_agg(d.delta order by d.xid desc, d.at desc) from (
        select s.xid, s.at, case a.meaning when 'physical' then s.on_hand
            when 'net_of_orders' then s.on_hand - s.allocated
            else s.on_hand - s.reserved - s.allocated - s.set_aside - s.safety - s.frozen end as delta
        from stock_movement s where s.sku_id = k.id and s.warehouse_id = w.id and s.at >= a.since
        order by s.xid desc limit %(most)s
    ) d
) m (deltas) on true;

-- name: sold_since - units of listings that the hub heard of since it last told them, in the channel's units
select l.sku_external, sum(l.quantity_ordered / l.factor)::bigint
from stock_shown t join orders o on o.account_id = t.account_id and o.received_at >= t.as_of
join order_line l on l.order_id = o.id and l.sku_external = t.sku_external
where t.account_id = %(account)s and t.sku_external = any (%(spellings)s) group by 1;

-- name: claims - the last figures of systems that cannot be asked
select c.system, w.code, k.code, c.meaning, c.quantity, c.as_of
from stock_claim c join warehouse w on w.id = c.warehouse_id join sku k on k.id = c.sku_id
where c.system = any (%(systems)s) and c.as_of >= %(since)s order by c.system, k.code, w.code;
