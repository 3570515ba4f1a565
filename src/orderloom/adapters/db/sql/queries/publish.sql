-- name: watermark - this publisher's place in the log; locked, so that one worker publishes at a time
select xid::text from watermark where name = %(name)s for update skip locked;

-- name: watermark_hold - tell stock beside the publisher: it waits, so that no figure read earlier leaves later
select xid::text from watermark where name = 'stock' for update;

-- name: watermark_new
insert into watermark (name, xid) values (%(name)s, '0'::xid8) on conflict (name) do nothing;

-- name: horizon - every transaction below this one has ended
select pg_snapshot_xmin(pg_current_snapshot())::text;

-- name: move
update watermark set xid = %(xid)s::xid8, moved_at = %(at)s where name = %(name)s;

-- name: place - a place in the log, not locked
select xid::text from watermark where name = %(name)s;

-- name: move_from - unless somebody else has moved it
update watermark set xid = %(xid)s::xid8, moved_at = %(at)s where name = %(name)s and xid = %(since)s::xid8;

-- name: alone - one worker at a time, until its connection lets go
select pg_try_advisory_lock(hashtext('orderloom/' || %(name)s));

-- name: not_alone
select pg_advisory_unlock(hashtext('orderloom/' || %(name)s));

-- name: moved_skus - SKUs whose levels changed, and bundles that contain them
with moved as (
    select distinct sku_id from stock_movement where xid >= %(since)s::xid8 and xid < %(until)s::xid8
)
select sku_id from moved union select bundle_id from sku_component where component_id in (select sku_id from moved);

-- name: listings - where these SKUs are on sale: by the account's own spelling of it, else by one for all accounts, else by
-- our own code; only at connectors that take stock, and where a platform was asked only what it is known to list. One that
-- takes its ids alone is told what somebody said to be on sale there: it may not sell all that we have
with texts as (
    select alias from sku_alias where sku_id = any (%(skus)s)
    union select code from sku where id = any (%(skus)s)
), spelled as (
    select distinct on (c.id, s.alias) c.id as account_id, c.connector, s.alias, s.sku_id, s.factor, s.listing,
        s.is_published, s.place
    from account c
    cross join lateral (
        select a.alias, a.sku_id, a.factor, a.listing, a.is_published, (a.account_id is null)::integer as place
        from sku_alias a where (a.account_id = c.id or a.account_id is null)
            and a.alias in (select alias from texts)
        union all
        select k.code, k.id, 1, '{}'::jsonb, true, 2 from sku k where k.id = any (%(skus)s)
    ) s
    where c.family = 'channels' and c.is_active and not c.is_watching and c.connector = any (%(connectors)s)
    order by c.id, s.alias, s.place
)
select x.account_id, x.alias, x.sku_id, x.factor, x.listing || coalesce(l.ids, '{}')
from spelled x
left join channel_listing l on l.account_id = x.account_id and l.sku_external = x.alias and l.state = 'listed'
where x.is_published and x.sku_id = any (%(skus)s)
    and (l.state is not null or x.listing <> '{}' or x.connector <> all (%(asked)s)
        and (x.place = 0 or x.connector <> all (%(by_id)s)));

-- name: to_look - spellings whose listings are to be looked up at this account's platform now, the longest unseen first;
-- the row is marked, so that another worker takes others
with spelled as (
    select distinct on (c.id, s.alias) c.id as account_id, c.connector, s.alias, s.sku_id, s.factor, s.listing,
        s.is_published
    from account c
    cross join lateral (
        select a.alias, a.sku_id, a.factor, a.listing, a.is_published, (a.account_id is null)::integer as place
        from sku_alias a where (a.account_id = c.id or a.account_id is null)
        union all
        select k.code, k.id, 1, '{}'::jsonb, true, 2 from sku k
    ) s
    where c.id = %(account)s
    order by c.id, s.alias, s.place
), due as (
    select x.alias, x.sku_id from spelled x
    left join channel_listing l on l.account_id = x.account_id and l.sku_external = x.alias
    where x.is_published and x.listing = '{}' and (l.state is null
        or l.looked_at < %(at)s - case l.state when 'looking' then %(looking)s::interval
            when 'listed' then %(listed)s::interval else %(absent)s::interval end)
    order by l.looked_at nulls first limit %(limit)s
)
insert into channel_listing (account_id, sku_external, state, looked_at)
select %(account)s, alias, 'looking', %(at)s from due
on conflict (account_id, sku_external) do update set looked_at = excluded.looked_at
returning sku_external, (select d.sku_id from due d where d.alias = sku_external);

-- name: looked - what the platform answered; returns the spellings that are on sale under ids not known before
with given as (
    select * from jsonb_to_recordset(%(rows)s::jsonb) as g (alias text, ids jsonb)
), before as (
    select l.sku_external, l.state, l.ids from channel_listing l join given g on g.alias = l.sku_external
    where l.account_id = %(account)s for update of l
), kept as (
    update channel_listing l
    set state = case when g.ids is null then 'absent' else 'listed' end, ids = coalesce(g.ids, '{}')
    from given g where l.account_id = %(account)s and l.sku_external = g.alias
)
select g.alias from given g join before b on b.sku_external = g.alias
where g.ids is not null and (b.state <> 'listed' or b.ids <> g.ids);

-- name: forget_shown - a listing under other ids was never told anything
delete from stock_shown where account_id = %(account)s and sku_external = any (%(externals)s);

-- name: forget_refused - what a channel did not take it does not show: it is told anew when the SKU moves
delete from stock_shown s
using unnest(%(account)s::smallint[], %(sku)s::text[], %(quantity)s::integer[]) as r (account, sku, quantity)
where s.account_id = r.account and s.sku_external = r.sku and s.quantity = r.quantity;

-- name: free - units free to sell over active warehouses with those that a presale for all may sell, and those that
-- unpaid orders hold
select l.sku_id, (sum(l.free) + coalesce((select sum(q.quantity - q.drawn) from stock_quota q where q.sku_id = l.sku_id
    and q.state = 'open' and q.is_presale and q.account_id is null and q.campaign = '' and q.customer = ''), 0))::bigint,
    sum(l.reserved)::bigint
from stock_level l join warehouse w on w.id = l.warehouse_id and w.is_active
where l.sku_id = any (%(skus)s) group by l.sku_id;

-- name: free_by_place - free units in each active warehouse
select l.sku_id, l.warehouse_id, l.free from stock_level l join warehouse w on w.id = l.warehouse_id and w.is_active
where l.sku_id = any (%(skus)s::integer[]);

-- name: kept - units that open quotas keep, by account (0: of a campaign that any may draw from), never a customer's own
select coalesce(q.account_id, 0), q.sku_id, sum(q.kept)::bigint
from stock_quota q join warehouse w on w.id = q.warehouse_id and w.is_active
where q.sku_id = any (%(skus)s::integer[]) and q.state = 'open' and q.kept > 0 and q.customer = '' group by 1, 2;

-- name: known - what the channels were last told
select account_id, sku_external, quantity from stock_shown where sku_external = any (%(externals)s);

-- name: told
insert into stock_shown (account_id, sku_external, quantity, as_of)
select u.account, u.sku, u.quantity, %(at)s
from unnest(%(account)s::smallint[], %(sku)s::text[], %(quantity)s::integer[]) as u (account, sku, quantity)
on conflict (account_id, sku_external) do update set quantity = excluded.quantity, as_of = excluded.as_of;

-- name: oversold - levels on which more is promised than lies there
select l.sku_id, l.warehouse_id, s.code, w.code, l.on_hand, l.reserved, l.allocated, l.frozen
from stock_level l join sku s on s.id = l.sku_id join warehouse w on w.id = l.warehouse_id
where l.sku_id = any (%(skus)s) and l.reserved + l.allocated > l.on_hand - l.frozen;

-- name: last_xid - how far one step reads, whole transactions only
select max(xid)::text from (
    select xid from order_event where xid >= %(since)s::xid8 and xid < %(until)s::xid8 order by xid limit %(limit)s
) x;

-- name: facts - events of whole transactions, in the order in which they are told
select e.order_id::text, o.number, e.seq, e.kind, e.at, a.code, o.stage
from order_event e join orders o on o.id = e.order_id join account a on a.id = o.account_id
where e.xid >= %(since)s::xid8 and e.xid <= %(last)s::xid8
order by e.xid, e.order_id, e.seq;

-- name: facts_of - the same of one order
select e.order_id::text, o.number, e.seq, e.kind, e.at, a.code, o.stage
from order_event e join orders o on o.id = e.order_id join account a on a.id = o.account_id
where e.order_id = %(order)s and e.xid >= %(since)s::xid8 and e.xid <= %(last)s::xid8
order by e.xid, e.seq;

-- name: aside - whose turn failed or comes again, and from which transaction on their facts wait
select subject, from_xid::text, tries, again_at from publish_aside where stream = %(stream)s order by again_at, subject;

-- name: tell_again - what is to be shown of these SKUs may be another figure though nothing moved: the publisher looks
insert into publish_aside (stream, subject, from_xid, tries, again_at)
select 'stock', k.id::text, pg_current_xact_id(), 0, 'epoch' from sku k where k.id = any (%(skus)s) order by k.id
on conflict (stream, subject) do update set again_at = excluded.again_at;

-- name: tell_all_again - the same for all that lies in a warehouse (none given: anywhere), and bundles of it
insert into publish_aside (stream, subject, from_xid, tries, again_at)
select 'stock', m.id::text, pg_current_xact_id(), 0, 'epoch' from (
    select l.sku_id from stock_level l where %(warehouse)s::smallint is null or l.warehouse_id = %(warehouse)s::smallint
    union select c.bundle_id from stock_level l join sku_component c on c.component_id = l.sku_id
    where %(warehouse)s::smallint is null or l.warehouse_id = %(warehouse)s::smallint
) m (id) order by m.id
on conflict (stream, subject) do update set again_at = excluded.again_at;

-- name: set_aside
insert into publish_aside (stream, subject, from_xid, tries, again_at)
values (%(stream)s, %(subject)s, %(from_xid)s::xid8, %(tries)s, %(again_at)s)
on conflict (stream, subject) do update set tries = excluded.tries, again_at = excluded.again_at;

-- name: mended
delete from publish_aside where stream = %(stream)s and subject = any (%(subjects)s);

-- name: subscribers
select id from account where family = 'subscribers' and is_active and connector = any (%(connectors)s) order by id;

-- name: fold - one row per account, hour and measure for the hours that are over
with gone as (
    delete from tally t using (
        select account_id, hour, measure from tally where hour < %(before)s group by 1, 2, 3 having count(*) > 1
        limit 500
    ) m
    where t.account_id = m.account_id and t.hour = m.hour and t.measure = m.measure
    returning t.*
)
insert into tally (account_id, hour, measure, quantity)
select account_id, hour, measure, sum(quantity) from gone group by 1, 2, 3;

-- name: shipping_facts - of orders that have a ship-by time, or had one
select o.id, o.account_id, o.phase, jsonb_build_object('ship_by', o.facts -> 'ship_by',
    'ship_by_epoch', o.facts -> 'ship_by_epoch')
from orders o
where o.id = any (%(ids)s::uuid[]) and (o.facts ? 'ship_by' or o.facts ? 'ship_by_epoch'
    or exists (select 1 from order_ship_by s where s.order_id = o.id));

-- name: shipping_times
insert into order_ship_by (order_id, ship_by, is_open)
select * from unnest(%(id)s::uuid[], %(times)s::timestamptz[], %(opens)s::boolean[])
on conflict (order_id) do update set ship_by = excluded.ship_by, is_open = excluded.is_open
where (order_ship_by.ship_by, order_ship_by.is_open) is distinct from (excluded.ship_by, excluded.is_open);

-- name: shipping_unread
select order_id from order_ship_by where ship_by is null and is_open limit %(limit)s;
