-- Quotas: rows of people's policies with their counters. They are locked after the levels (docs/locking.md).

-- name: add
insert into stock_quota (id, number, sku_id, warehouse_id, account_id, campaign, customer, quantity, draw_order,
    may_fall_through, starts_at, ends_at, state, call_key, is_presale, promised_on)
select r.id, r.number, r.sku_id, r.warehouse_id, r.account_id, r.campaign, r.customer, r.quantity, r.draw_order,
    r.may_fall_through, r.starts_at, r.ends_at, 'planned', %(call)s, r.is_presale, r.promised_on
from jsonb_to_recordset(%(rows)s::jsonb) as r (id uuid, number text, sku_id integer, warehouse_id smallint,
    account_id smallint, campaign text, customer text, quantity integer, draw_order smallint, may_fall_through boolean,
    starts_at timestamptz, ends_at timestamptz, is_presale boolean, promised_on date);

-- name: places - where the quotas with these numbers are: that never changes
select number, sku_id, warehouse_id from stock_quota where number = any (%(numbers)s);

-- name: of_call
select {columns} from stock_quota where call_key = %(call)s order by number;

-- name: bundles
select distinct bundle_id from sku_component where bundle_id = any (%(skus)s);

-- name: lock
select {columns} from stock_quota where number = any (%(numbers)s) order by id for update;

-- name: write
update stock_quota q set quantity = r.quantity, kept = r.kept, state = r.state
from jsonb_to_recordset(%(rows)s::jsonb) as r (id uuid, quantity integer, kept integer, state text)
where q.id = r.id;

-- name: due - whose time has come, and open ones that want units where there are free ones
(select number from stock_quota where state = 'planned' and starts_at <= %(at)s order by starts_at, id limit %(limit)s)
union all
(select number from stock_quota where state = 'open' and ends_at <= %(at)s order by ends_at, id limit %(limit)s)
union all
(select q.number from stock_quota q
    join stock_level l on l.sku_id = q.sku_id and l.warehouse_id = q.warehouse_id and l.free > 0
    where q.state = 'open' and q.kept + q.drawn < q.quantity and not q.is_presale order by q.draw_order, q.id limit %(limit)s);
