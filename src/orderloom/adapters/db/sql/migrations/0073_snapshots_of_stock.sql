-- What every system said of stock at one time, and whose new orders wait because of it.

alter table subject drop constraint subject_kind_check;
alter table subject add constraint subject_kind_check check (kind in ('stock_document', 'quota', 'snapshot'));

create table stock_snapshot (
    id uuid primary key,
    number text not null unique,
    scheduled_for timestamptz unique,
    began_at timestamptz not null,
    ended_at timestamptz,
    lease_until timestamptz not null,
    by_actor text not null,
    compared integer not null default 0,
    explained integer not null default 0,
    differ integer not null default 0,
    systems text[] not null default '{}',
    unread jsonb not null default '{}',
    tripped text[] not null default '{}'
);
create index stock_snapshot_open on stock_snapshot (lease_until) where ended_at is null;

create table stock_snapshot_row (
    snapshot_id uuid not null references stock_snapshot (id),
    row_no integer not null,
    sku_id integer,
    system text not null,
    place text not null,
    spelling text not null,
    meaning text not null,
    ours integer,
    theirs integer,
    explained text not null,
    primary key (snapshot_id, row_no)
);

create table stock_breaker (
    sku_id integer not null references sku (id),
    snapshot_id uuid not null references stock_snapshot (id),
    opened_at timestamptz not null,
    until timestamptz not null,
    closed_at timestamptz,
    primary key (sku_id, snapshot_id)
);
create index stock_breaker_open on stock_breaker (until) where closed_at is null;
