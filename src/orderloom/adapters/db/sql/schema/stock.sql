-- Units by SKU and warehouse, who holds them, the ledger, and what was shown to channels.

create table stock_level (
    sku_id integer not null references sku (id),
    warehouse_id smallint not null references warehouse (id),
    on_hand integer not null default 0,
    reserved integer not null default 0 check (reserved >= 0),
    allocated integer not null default 0 check (allocated >= 0),
    safety integer not null default 0 check (safety >= 0),
    frozen integer not null default 0 check (frozen >= 0),
    set_aside integer not null default 0 check (set_aside >= 0),
    free integer not null generated always as (on_hand - reserved - allocated - set_aside - safety - frozen) stored,
    primary key (sku_id, warehouse_id)
) with (fillfactor = 50);

create table stock_hold (
    order_id uuid not null,
    hold_no smallint not null,
    line_no smallint not null,
    sku_id integer not null,
    warehouse_id smallint not null,
    quantity integer not null check (quantity > 0),
    kind text not null check (kind in ('reservation', 'allocation', 'presale')),
    state text not null check (state in ('active', 'released', 'consumed')),
    held_at timestamptz not null,
    quota_id uuid,
    primary key (order_id, hold_no)
);
create index stock_hold_active on stock_hold (sku_id, warehouse_id) where state = 'active';
create index stock_hold_quota on stock_hold (quota_id) where quota_id is not null;

create table stock_movement (
    sku_id integer not null,
    warehouse_id smallint not null,
    kind text not null check (kind in
        ('reserve', 'allocate', 'release', 'ship', 'receive', 'adjust', 'stocktake', 'return', 'protect', 'freeze', 'thaw',
         'transfer_out', 'transfer_in', 'set_aside', 'give_back', 'lost', 'scrap')),
    on_hand integer not null default 0,
    reserved integer not null default 0,
    allocated integer not null default 0,
    safety integer not null default 0,
    frozen integer not null default 0,
    cause text not null,
    reason text not null,
    actor text not null,
    at timestamptz not null,
    order_id uuid,
    xid xid8 not null default pg_current_xact_id(),
    set_aside integer not null default 0
);
create unique index stock_movement_cause on stock_movement (cause, kind) where order_id is null;
create unique index stock_movement_order on stock_movement (order_id,
    (case when starts_with(cause, order_id::text) then substr(cause, 37) else cause end), kind) where order_id is not null;
create index stock_movement_xid on stock_movement (xid);
create index stock_movement_sku on stock_movement (sku_id, xid);
create index stock_movement_file on stock_movement (cause text_pattern_ops) where cause like 'file/%';

-- What campaigns, channels and customers have a right to, per SKU and warehouse: `kept` of it is set aside now.
create table stock_quota (
    id uuid primary key,
    number text not null unique,
    sku_id integer not null references sku (id),
    warehouse_id smallint not null references warehouse (id),
    account_id smallint references account (id),
    campaign text not null default '',
    customer text not null default '',
    quantity integer not null check (quantity >= 0),
    kept integer not null default 0 check (kept >= 0),
    drawn integer not null default 0 check (drawn >= 0),
    draw_order smallint not null,
    may_fall_through boolean not null,
    starts_at timestamptz not null,
    ends_at timestamptz check (ends_at > starts_at),
    state text not null check (state in ('planned', 'open', 'closed')),
    call_key text not null default '',
    is_presale boolean not null default false,
    promised_on date,
    check (kept + drawn <= quantity),
    check (state = 'open' or kept = 0),
    constraint stock_quota_for_somebody check (account_id is not null or campaign <> '' or customer <> '' or is_presale),
    constraint stock_quota_presale check ((promised_on is not null) = is_presale and (not is_presale or kept = 0))
);
create index stock_quota_open on stock_quota (sku_id, warehouse_id) where state = 'open';
create index stock_quota_starts on stock_quota (starts_at) where state = 'planned';
create index stock_quota_wants on stock_quota (sku_id, warehouse_id) where state = 'open' and kept + drawn < quantity;
create index stock_quota_call on stock_quota (call_key) where call_key <> '';
create index stock_quota_number on stock_quota (number desc);
create index stock_quota_ends on stock_quota (ends_at) where state = 'open' and ends_at is not null;

create table stock_shown (
    account_id smallint not null,
    sku_external text not null,
    quantity integer not null,
    as_of timestamptz not null,
    primary key (account_id, sku_external)
);

-- A sale that a push of shown stock tells another shop of: the oldest of its SKU there, until the push has ended.
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

-- Those that were told, by account and hour: so many within `within_ms` of their message's arrival (0: longer than the
-- last bound), the sums of each step, and the worst of them.
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

create table stock_claim (
    system text not null,
    warehouse_id smallint not null,
    sku_id integer not null,
    meaning text not null,
    quantity integer not null,
    as_of timestamptz not null,
    message_id uuid,
    primary key (system, warehouse_id, sku_id)
);
create index stock_claim_as_of on stock_claim (system, as_of);

-- What every system said of stock at one time, and whose new orders wait because of it.
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
