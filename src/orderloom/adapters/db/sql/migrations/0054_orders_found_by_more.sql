-- Orders are found by more: tags, fields and views of people's own, ship-by times, amounts, places, warehouses.

create table order_ship_by (
    order_id uuid primary key,
    ship_by timestamptz,
    is_open boolean not null
);
create index order_ship_by_open on order_ship_by (ship_by, order_id) where is_open;
create index order_ship_by_unread on order_ship_by (order_id) where ship_by is null and is_open;

create table tag (
    name text primary key,
    colour text not null,
    made_by text not null,
    made_at timestamptz not null
);

create table order_tag (
    order_id uuid not null,
    tag text not null references tag (name) on update cascade,
    by text not null,
    at timestamptz not null,
    primary key (order_id, tag)
);
create index order_tag_tag on order_tag (tag, order_id);

create table order_field (
    order_id uuid not null,
    field text not null,
    value text not null,
    by text not null,
    at timestamptz not null,
    primary key (order_id, field)
);
create index order_field_value on order_field (field, value, order_id);

create table saved_view (
    id uuid primary key,
    owner text not null,
    roles text[] not null default '{}',
    name text not null,
    query jsonb not null,
    columns text[] not null default '{}',
    position integer not null default 0,
    made_at timestamptz not null,
    unique (owner, name)
);

create index orders_placed on orders (placed_at, id);
create index orders_total on orders (total, id);
create index orders_province on orders (receiver_province, id);
create index work_warehouse on work (warehouse_id, order_id);
create index parcel_carrier on parcel (carrier);
create index case_of_orders on case_file (kind, order_id) where resolved_at is null and order_id is not null;

-- Those that are not out yet are read by the publisher, which knows the zones; the others' time is past.
insert into order_ship_by (order_id, is_open)
select id, true from orders
where phase in ('new', 'ready', 'blocked', 'held', 'amending') and (facts ? 'ship_by' or facts ? 'ship_by_epoch');
