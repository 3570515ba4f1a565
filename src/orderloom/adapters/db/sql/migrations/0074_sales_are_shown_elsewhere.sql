-- How long after a sale at one shop the others show the changed figure: measured push by push, kept by the hour.
alter table delivery add column sent_at timestamptz;

create table sale_wait (
    delivery_id uuid not null,
    sku_id integer not null,
    account_id smallint not null,
    sold_by smallint not null,
    placed_at timestamptz not null,
    received_at timestamptz not null,
    moved_at timestamptz not null,
    primary key (delivery_id, sku_id)
);

create table sale_shown (
    account_id smallint not null,
    hour timestamptz not null,
    within_ms bigint not null,
    count integer not null,
    landing_ms bigint not null,
    route_ms bigint not null,
    publish_ms bigint not null,
    queue_ms bigint not null,
    answer_ms bigint not null,
    worst_ms bigint not null,
    worst_sku_id integer not null,
    worst_sold_by smallint not null,
    worst_steps bigint[] not null,
    primary key (account_id, hour, within_ms)
);
