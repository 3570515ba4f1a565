-- Figures by the seller's day, each with its currency, and the last two days' by the minute: `order_day`, which nobody
-- read, summed currencies and knew of no amendment. A new place in the log (`watermark`) is where they begin to add up.

drop table order_day;

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
