-- A subscriber that was ended stays named in the record and is listed no more; failed tries of a delivery, one by one.
alter table account add column ended_at timestamptz;

create table delivery_try (
    delivery_id uuid not null references delivery (id),
    at timestamptz not null,
    error text not null,
    primary key (delivery_id, at)
);
