-- Units sold by SKU and hour, added up from the log; and when a system last spoke of stock, found at once.
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

create index stock_claim_as_of on stock_claim (system, as_of);
