-- Holds and deadlines are about a subject; a parcel has an id of its own and items of several orders; lines know what is
-- shipped elsewhere, what waits for its money and what needs no shipping; charges have a place; closed words are checked.

alter table sku add column kind text not null default 'goods' check (kind in ('goods', 'service', 'virtual'));

alter table orders
    add column external_number text not null default '',
    add column is_masked boolean not null default false,
    add column is_unsure boolean not null default false,
    add column facts jsonb not null default '{}',
    add check (payment in ('unpaid', 'partially_paid', 'cod', 'in_doubt', 'paid', 'overcharged', 'partially_refunded',
        'refunded'));

alter table order_line
    add column kind text not null default 'goods' check (kind in ('goods', 'service', 'virtual')),
    add column quantity_elsewhere integer not null default 0 check (quantity_elsewhere >= 0),
    add column quantity_unpaid integer not null default 0 check (quantity_unpaid >= 0);

create table order_charge (
    order_id uuid not null,
    charge_no smallint not null,
    kind text not null check (kind in ('gift_wrap', 'cod_fee', 'duty', 'tip', 'fee', 'deposit', 'subsidy', 'rounding')),
    amount bigint not null,
    tax bigint not null,
    title text not null,
    primary key (order_id, charge_no)
);

alter table work
    add check (state in ('allocated', 'recalling', 'released', 'picking', 'packed', 'handed_over', 'cancelled')),
    add check (negotiation in ('none', 'requested', 'accepted', 'rejected'));

create temporary table hold_before on commit drop as select * from hold;
drop table hold;
create table hold (
    subject_kind text not null check (subject_kind in ('order')),
    subject_id uuid not null,
    hold_no smallint not null,
    type text not null,
    scope text not null check (scope in ('order', 'line', 'work')),
    scope_key text not null default '',
    reason text not null,
    placed_by text not null,
    placed_at timestamptz not null,
    verbs text[] not null,
    expires_at timestamptz,
    released_by text,
    released_at timestamptz,
    primary key (subject_kind, subject_id, hold_no)
);
insert into hold
select 'order', order_id, hold_no, type, scope, subject, reason, placed_by, placed_at, verbs, expires_at, released_by,
    released_at
from hold_before;
create index hold_active on hold (type, subject_id) where released_at is null;

-- A parcel of before belongs to one order and holds all of one work; its id is made of the order's id and its number.
create temporary table parcel_before on commit drop as select * from parcel;
drop table parcel;
create table parcel (
    id uuid primary key,
    carrier text not null,
    waybill text not null,
    state text not null check (state in ('label_pending', 'label_ready', 'collected', 'in_transit', 'out_for_delivery',
        'pickup_ready', 'delivered', 'exception', 'returning', 'returned', 'lost')),
    shipped_at timestamptz not null,
    delivered_at timestamptz,
    heard_at timestamptz not null,
    asked_at timestamptz
) with (fillfactor = 80);
insert into parcel
select md5(order_id::text || '/' || parcel_no)::uuid, carrier, waybill, state, shipped_at, delivered_at, heard_at, asked_at
from parcel_before;
create index parcel_waybill on parcel (waybill);
create index parcel_open on parcel (heard_at) where state not in ('delivered', 'returned', 'lost');

create table parcel_item (
    order_id uuid not null,
    parcel_no smallint not null,
    work_seq smallint not null,
    line_no smallint not null,
    sku_id integer not null,
    quantity integer not null check (quantity >= 0),
    parcel_id uuid not null,
    told text[] not null default '{}',
    is_replaced boolean not null default false,
    primary key (order_id, parcel_no, work_seq, line_no, sku_id)
) with (fillfactor = 80);
insert into parcel_item
select p.order_id, p.parcel_no, p.work_seq, w.line_no, w.sku_id, w.quantity,
    md5(p.order_id::text || '/' || p.parcel_no)::uuid, p.told, false
from parcel_before p join work_line w on w.order_id = p.order_id and w.work_seq = p.work_seq;
create index parcel_item_parcel on parcel_item (parcel_id);

create temporary table deadline_before on commit drop as select * from deadline;
drop table deadline;
create table deadline (
    subject_kind text not null check (subject_kind in ('order')),
    subject_id uuid not null,
    kind text not null,
    of text not null,
    due_at timestamptz not null,
    blueprint integer not null,
    catch_up text not null,
    state text not null check (state in ('pending', 'fired', 'skipped', 'moot')),
    fired_at timestamptz,
    tries smallint not null default 0,
    again_at timestamptz,
    primary key (subject_kind, subject_id, kind, of, due_at, blueprint)
) with (fillfactor = 80);
insert into deadline
select 'order', order_id, kind, subject, due_at, blueprint, catch_up, state, fired_at, tries, again_at
from deadline_before;
create index deadline_due on deadline ((coalesce(again_at, due_at))) where state = 'pending';
