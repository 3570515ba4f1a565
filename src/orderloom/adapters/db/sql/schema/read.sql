-- Made from the log for those who look: search, days, how far the publisher came.

create table order_search (
    order_id uuid primary key,
    document text not null,
    grams text[] not null,
    words integer[],
    pairs integer[]
);
create index order_search_grams on order_search using gin (grams);
create index order_search_words on order_search using gin (words);
create index order_search_pairs on order_search using gin (pairs);
create index order_search_old on order_search (order_id) where pairs is null;

create table search_term (
    id integer generated always as identity primary key,
    term text not null unique,
    grams text[] not null
);
create index search_term_grams on search_term using gin (grams);

-- Figures by the seller's day, added up from the log (`queries/figures.sql` says what each measure counts). `mark` tells
-- a measure's kinds apart: a currency, a step of the lag. `warehouse_id` 0: of no warehouse.
create table figure_day (
    measure text not null,
    day date not null,
    account_id smallint not null,
    warehouse_id smallint not null default 0,
    mark text not null default '',
    quantity bigint not null,
    primary key (measure, day, account_id, warehouse_id, mark)
);

create table figure_minute (
    minute timestamptz not null,
    account_id smallint not null,
    currency text not null,
    orders integer not null,
    amount bigint not null,
    primary key (minute, account_id, currency)
);

-- Units sold by SKU and hour (`queries/sales.sql`); hours of long ago become the seller's days. Warehouse 0: sold, by the
-- hour of the order; any other: given to that warehouse then.
create table sales_hour (
    sku_id integer not null,
    hour timestamptz not null,
    account_id smallint not null,
    warehouse_id smallint not null default 0,
    units bigint not null,
    in_bundles bigint not null,
    primary key (sku_id, hour, account_id, warehouse_id)
);
create index sales_hour_hour on sales_hour (hour);

create table sales_day (
    sku_id integer not null,
    day date not null,
    account_id smallint not null,
    warehouse_id smallint not null default 0,
    units bigint not null,
    in_bundles bigint not null,
    primary key (sku_id, day, account_id, warehouse_id)
);

create table publish_aside (
    stream text not null check (stream in ('events', 'stock')),
    subject text not null,
    from_xid xid8 not null,
    tries smallint not null,
    again_at timestamptz not null,
    primary key (stream, subject)
);

create table watermark (
    name text primary key,
    xid xid8 not null,
    moved_at timestamptz not null default now()
);
