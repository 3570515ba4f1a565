-- What a year of people's work leaves beside stored orders: `desk_rows.py` runs these one by one, in this order. Every
-- choice follows from the order's id, so that the same orders give the same rows.

-- name: draws - a number from 0 to 9,999 for each order, its time, and how it stands; the newest time is now's
create temp table drawn as
select id, number, account_id, phase, placed_at, received_at, total,
    (hashtextextended(id::text, 7) & 2147483647) % 10000 as draw,
    (hashtextextended(id::text, 11) & 2147483647) % 10000 as other
from orders order by id;

-- name: drawn_analyzed
analyze drawn;

-- name: tags - common, rare, and one that no order has
insert into tag (name, colour, made_by, made_at)
select name, colour, 'user:bench', now() from (values ('直播', 'blue'), ('VIP', 'gold'), ('关注', 'red'), ('催单', 'orange'),
    ('企业采购', 'green'), ('跨境', 'purple')) t (name, colour);

-- name: order_tags
insert into order_tag (order_id, tag, by, at)
select d.id, t.tag, 'user:bench', d.received_at + interval '2 hours' from drawn d
join (values ('直播', 0, 999), ('VIP', 800, 1299), ('关注', 2000, 2099), ('催单', 2090, 2119), ('企业采购', 3000, 3001))
    t (tag, low, high) on d.draw between t.low and t.high
order by d.id;

-- name: order_fields
insert into order_field (order_id, field, value, by, at)
select d.id, f.field, case f.field when 'invoice_title' then '采购公司 ' || d.other % 500
    else ((d.placed_at + interval '5 days')::date)::text end, 'user:bench', d.received_at + interval '3 hours'
from drawn d join (values ('invoice_title', 4000, 4399), ('promised_on', 5000, 5049)) f (field, low, high)
    on d.draw between f.low and f.high
order by d.id;

-- name: notes
insert into order_note (id, order_id, at, by_actor, body, mentions)
select gen_random_uuid(), id, received_at + interval '4 hours', 'user:bench', '客户来电询问进度', '{}'
from drawn where other < 200 order by id;

-- name: ship_by - two days after the order; of those that still stand, from a month ago to two months ahead
insert into order_ship_by (order_id, ship_by, is_open)
select id, case when phase in ('new', 'ready', 'blocked', 'held', 'amending')
    then now() - interval '30 days' + interval '90 days' * (other / 10000.0) else placed_at + interval '48 hours' end,
    phase in ('new', 'ready', 'blocked', 'held', 'amending')
from drawn where other % 10 < 8 order by id;

-- name: parcels - of what was handed over, by carriers of whom one has most and one a few
create temp table sent as
select w.order_id, w.work_seq, w.warehouse_id, md5('parcel/' || w.order_id::text)::uuid as parcel_id,
    case when d.other < 6000 then 'ZTO' when d.other < 8500 then 'YTO' when d.other < 9980 then 'SF' else 'EMS' end as carrier,
    d.phase, d.received_at + interval '1 day' as at
from work w join drawn d on d.id = w.order_id where w.state = 'handed_over' order by w.order_id;

-- name: parcel_rows
insert into parcel (id, carrier, waybill, state, shipped_at, delivered_at, heard_at)
select parcel_id, carrier, carrier || upper(substr(md5(parcel_id::text), 1, 12)),
    case phase when 'delivered' then 'delivered' when 'returned' then 'returned' else 'in_transit' end, at,
    case when phase = 'delivered' then at + interval '2 days' end, at + interval '2 days'
from sent order by at;

-- name: parcel_items
insert into parcel_item (order_id, parcel_no, work_seq, line_no, sku_id, quantity, parcel_id)
select l.order_id, 1, l.work_seq, l.line_no, l.sku_id, l.quantity, s.parcel_id
from work_line l join sent s using (order_id, work_seq) order by l.order_id;

-- name: rare_places - two more warehouses: one with a few orders of the beginning, one with none
insert into warehouse (code, name, country, province, priority)
values ('WH-OLD', '旧仓', 'CN', '浙江省', 90), ('WH-NEW', '新仓', 'CN', '海南省', 91);

-- name: rare_works
update work set warehouse_id = (select id from warehouse where code = 'WH-OLD')
where order_id in (select id from drawn where draw % 2 = 0 order by id limit 400);

-- name: rare_province
update orders set receiver_province = '西藏自治区' where id in (select id from drawn where draw = 6000);

-- name: short - orders that wait for goods
update orders set is_short = true, phase = 'blocked'
where id in (select id from drawn where phase = 'ready' and other % 40 = 0);

-- name: cases - a few thousand open, ten times as many closed over the year
insert into case_file (id, kind, subject, order_id, account_id, evidence, owner, opened_at, due_at, seen_at, resolved_at,
    resolved_by, resolution, cause, person)
select gen_random_uuid(), k.kind, d.id::text, d.id, d.account_id, '{}', k.owner, d.received_at + interval '1 hour',
    d.received_at + interval '5 hours', d.received_at + interval '1 hour',
    case when d.draw >= 6020 then d.received_at + interval '2 hours' + interval '1 minute' * (d.other % 900) end,
    case when d.draw >= 6020 then 'user:bench' end, case when d.draw >= 6020 then 'mended' end,
    'cause-' || d.other % 20, case when d.other % 3 = 0 then 'bench' end
from drawn d join (values ('oversold', 'operations', 0, 3499), ('unknown_sku', 'operations', 3500, 6499),
    ('delivery_parked', 'operations', 6500, 8999), ('address_unsure', 'service', 9000, 9979),
    ('amount_mismatch', 'finance', 9980, 9999)) k (kind, owner, low, high) on d.other between k.low and k.high
where d.draw between 6001 and 6330 order by d.id;

-- name: figures - two years of days: ten shops, three warehouses, lags of thirty steps, cases of five kinds
insert into figure_day (measure, day, account_id, warehouse_id, mark, quantity)
select m.measure, current_date - n, a.account_id, w.warehouse_id, k.mark, 1 + (n * 7919 + a.account_id * 31) % 300
from generate_series(0, 729) n cross join (select distinct account_id from drawn) a
cross join (values ('orders', 0, 1), ('value', 0, 2), ('cancelled', 0, 1), ('lag', 0, 30), ('cases', 0, 5),
    ('assigned', 3, 1), ('shipped', 3, 1), ('due', 3, 1), ('late', 3, 1)) m (measure, places, marks)
cross join lateral (select 0 as warehouse_id where m.places = 0 union all
    select generate_series(1, m.places)) w
cross join lateral (select case m.measure when 'value' then (array['CNY', 'USD'])[s] when 'lag' then s::text
    when 'cases' then (array['oversold', 'unknown_sku', 'delivery_parked', 'address_unsure', 'amount_mismatch'])[s]
    else '' end as mark from generate_series(1, m.marks) s) k;

-- name: figures_so_far
insert into watermark (name, xid, moved_at) select %(name)s, pg_snapshot_xmin(pg_current_snapshot()), now()
on conflict (name) do update set xid = excluded.xid, moved_at = now();

-- name: minutes
insert into figure_minute (minute, account_id, currency, orders, amount)
select date_trunc('minute', now()) - interval '1 minute' * n, a.account_id, 'CNY', 1 + n % 3, 20000 * (1 + n % 3)
from generate_series(0, 2879) n cross join (select distinct account_id from drawn) a;
