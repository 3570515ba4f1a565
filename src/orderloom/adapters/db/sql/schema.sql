-- The declared schema: what every migrated database must equal (tests/migration). PostgreSQL 15 or newer, no extensions.
-- Money is bigint minor units, quantities are integer base units, instants are timestamptz (UTC), ids are UUIDv7 given by the hub.
-- Personal data stands only in bytea columns named *_cipher (AES-GCM) and *_index (HMAC); see docs/personal-data.md.

-- Configuration -------------------------------------------------------------------------------------------------

create table account (
    id smallint generated always as identity primary key,
    code text not null unique,
    family text not null check (family in ('channels', 'systems', 'carriers', 'subscribers')),
    connector text not null,
    title text not null default '',
    zone text not null,
    base_url text not null default '',
    credentials_cipher bytea not null,
    settings jsonb not null default '{}',
    is_active boolean not null default true,
    health text not null default '',
    is_well boolean,
    checked_at timestamptz,
    created_at timestamptz not null default now()
);

create table pull_cursor (
    account_id smallint primary key references account (id),
    at timestamptz not null,
    key text not null default '',
    due_at timestamptz not null default now(),
    lease_until timestamptz,
    failures integer not null default 0,
    last_error text not null default '',
    pulled_at timestamptz
);

create table pull_walk (
    account_id smallint not null references account (id),
    kind text not null check (kind in ('backfill', 'sweep')),
    scope text not null default 'open' check (scope in ('open', 'all')),
    since timestamptz not null,
    until timestamptz,
    at timestamptz not null,
    key text not null default '',
    landed bigint not null default 0,
    found bigint not null default 0,
    due_at timestamptz not null,
    lease_until timestamptz,
    failures integer not null default 0,
    last_error text not null default '',
    finished_at timestamptz,
    primary key (account_id, kind)
);

create table token_bucket (
    account_id smallint primary key references account (id),
    tokens double precision not null,
    per_second double precision not null,
    burst double precision not null,
    filled_at timestamptz not null,
    blocked_until timestamptz
);

create table blueprint_version (
    version integer primary key,
    content jsonb not null,
    digest bytea not null,
    author text not null,
    reason text not null,
    published_at timestamptz not null default now()
);

create table cache_version (
    name text primary key,
    version bigint not null
);

create table sku (
    id integer generated always as identity primary key,
    code text not null unique,
    name text not null default '',
    unit text not null default '',
    created_at timestamptz not null default now(),
    is_active boolean not null default true,
    kind text not null default 'goods' check (kind in ('goods', 'service', 'virtual'))
);

create table sku_unit (
    sku_id integer not null references sku (id),
    unit text not null,
    factor integer not null check (factor > 0),
    primary key (sku_id, unit)
);

create table sku_component (
    bundle_id integer not null references sku (id),
    component_id integer not null references sku (id),
    quantity integer not null check (quantity > 0),
    primary key (bundle_id, component_id),
    check (bundle_id <> component_id)
);

create table sku_alias (
    account_id smallint references account (id),
    alias text not null,
    sku_id integer not null references sku (id),
    factor integer not null default 1 check (factor > 0),
    listing jsonb not null default '{}',
    is_published boolean not null default true,
    unique nulls not distinct (account_id, alias)
);

create table channel_listing (
    account_id smallint not null references account (id),
    sku_external text not null,
    state text not null check (state in ('looking', 'listed', 'absent')),
    ids jsonb not null default '{}',
    looked_at timestamptz not null,
    primary key (account_id, sku_external)
);

create table warehouse (
    id smallint generated always as identity primary key,
    code text not null unique,
    name text not null,
    country text not null default 'CN',
    province text not null default '',
    account_id smallint references account (id),
    priority smallint not null default 0,
    daily_capacity integer not null default 1000000 check (daily_capacity >= 0),
    serves text[] not null default '{}',
    is_active boolean not null default true
);

-- Landing -------------------------------------------------------------------------------------------------------

create table message (
    id uuid primary key,
    account_id smallint not null,
    event_id text not null,
    topic text not null,
    received_at timestamptz not null,
    body_cipher bytea not null,
    body_size integer not null,
    digest bytea not null,
    headers text not null,
    parent_id uuid,
    unique (account_id, event_id)
);

create table intake (
    message_id uuid primary key,
    account_id smallint not null,
    lane smallint not null default 0,
    outcome text not null check (outcome in ('pending', 'normalised', 'parked', 'quarantined', 'split', 'discarded')),
    reason text not null default '',
    detail text not null default '',
    park_key text not null default '',
    order_id uuid,
    attempts smallint not null default 0,
    landed_at timestamptz not null,
    processed_at timestamptz
) with (fillfactor = 80);
create index intake_pending on intake (lane, message_id) where outcome = 'pending';
create index intake_parked on intake (park_key) where outcome = 'parked';
create index intake_quarantined on intake (message_id) where outcome = 'quarantined';
create index intake_order on intake (order_id) where order_id is not null;

create table message_event (
    message_id uuid not null references message (id),
    seq bigint generated always as identity,
    at timestamptz not null,
    by text not null,
    kind text not null check (kind in ('discarded', 'brought_back')),
    reason text not null,
    xid xid8 not null default pg_current_xact_id(),
    primary key (message_id, seq)
);
create index message_event_xid on message_event (xid);

create table tally (
    account_id smallint not null,
    hour timestamptz not null,
    measure text not null,
    quantity bigint not null
);
create index tally_hour on tally (hour, account_id, measure);

-- Orders --------------------------------------------------------------------------------------------------------

create table orders (
    id uuid primary key,
    number text not null unique,
    account_id smallint not null,
    external_id text not null,
    parent_external_id text not null default '',
    revision timestamptz not null,
    stage text not null,
    staged_at timestamptz not null,
    phase text not null,
    intake text not null,
    payment text not null check (payment in ('unpaid', 'partially_paid', 'cod', 'in_doubt', 'paid', 'overcharged',
        'partially_refunded', 'refunded')),
    fulfilment text not null,
    parcel text not null,
    after_sales text not null,
    holds_active smallint not null default 0,
    native text not null,
    currency text not null,
    total bigint not null,
    freight bigint not null,
    discount bigint not null,
    tax bigint not null,
    paid bigint not null default 0 check (paid >= 0),
    refunded bigint not null default 0 check (refunded >= 0),
    placed_at timestamptz not null,
    paid_at timestamptz,
    source_zone text not null,
    source_placed_at text not null,
    received_at timestamptz not null,
    is_fulfilled_elsewhere boolean not null default false,
    is_cancelled boolean not null default false,
    is_short boolean not null default false,
    flags text[] not null default '{}',
    note text not null default '',
    buyer_index bytea,
    receiver_digest text not null,
    receiver_stated text not null,
    receiver_cipher bytea not null,
    receiver_name_index bytea,
    receiver_phone_index bytea,
    receiver_phone_last4 text not null default '',
    receiver_country text not null default '',
    receiver_province text not null default '',
    receiver_city text not null default '',
    merge_key bytea,
    blueprint integer not null,
    event_count integer not null,
    event_head bytea not null,
    external_number text not null default '',
    is_masked boolean not null default false,
    is_unsure boolean not null default false,
    facts jsonb not null default '{}',
    unique (account_id, external_id)
) with (fillfactor = 80);
create index orders_phase on orders (phase, id desc);
create index orders_stage on orders (stage, id desc);
create index orders_account on orders (account_id, id desc);
create index orders_payment on orders (payment, id desc);
create index orders_short on orders (id) where is_short and not is_cancelled;
create index orders_external_number on orders (account_id, external_number) where external_number <> '';
create index orders_last4 on orders (receiver_phone_last4, id desc) where receiver_phone_last4 <> '';
create index orders_phone on orders (receiver_phone_index) where receiver_phone_index is not null;

create table order_line (
    order_id uuid not null,
    line_no smallint not null,
    external_id text not null,
    sku_id integer not null,
    sku_external text not null,
    title text not null,
    quantity_ordered integer not null,
    quantity_cancelled integer not null default 0,
    quantity_fulfilled integer not null default 0,
    quantity_shipped integer not null default 0,
    quantity_returned integer not null default 0,
    factor integer not null default 1 check (factor > 0),
    price bigint not null,
    discount bigint not null,
    amount bigint not null,
    native text not null default '',
    is_closed boolean not null default false,
    is_disputed boolean not null default false,
    kind text not null default 'goods' check (kind in ('goods', 'service', 'virtual')),
    quantity_elsewhere integer not null default 0 check (quantity_elsewhere >= 0),
    quantity_unpaid integer not null default 0 check (quantity_unpaid >= 0),
    parts jsonb not null default '[]',
    primary key (order_id, line_no),
    check (quantity_cancelled >= 0 and quantity_cancelled <= quantity_ordered),
    check (quantity_fulfilled <= quantity_ordered - quantity_cancelled and quantity_shipped <= quantity_fulfilled
        and quantity_returned <= quantity_shipped and quantity_returned >= 0)
) with (fillfactor = 80);

create table order_charge (
    order_id uuid not null,
    charge_no smallint not null,
    kind text not null check (kind in ('gift_wrap', 'cod_fee', 'duty', 'tip', 'fee', 'deposit', 'subsidy', 'rounding')),
    amount bigint not null,
    tax bigint not null,
    title text not null,
    primary key (order_id, charge_no)
);

create table order_event (
    order_id uuid not null,
    seq integer not null,
    kind text not null,
    at timestamptz not null,
    actor text not null,
    message_id uuid,
    blueprint integer not null,
    facts text not null,
    hash bytea not null,
    xid xid8 not null default pg_current_xact_id(),
    primary key (order_id, seq)
);
create index order_event_xid on order_event (xid);

create table claim (
    order_id uuid not null,
    claim_no smallint not null,
    system text not null,
    milestone text not null,
    native text not null,
    said_at timestamptz not null,
    seen_at timestamptz not null,
    waybill text not null default '',
    message_id uuid,
    work text not null default '',
    carrier text not null default '',
    primary key (order_id, claim_no)
);

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
create index hold_active on hold (type, subject_id) where released_at is null;

create table work (
    order_id uuid not null,
    work_seq smallint not null,
    number text not null unique,
    warehouse_id smallint not null,
    account_id smallint,
    state text not null check (state in ('allocated', 'recalling', 'released', 'picking', 'packed', 'handed_over',
        'cancelled')),
    negotiation text not null check (negotiation in ('none', 'requested', 'accepted', 'rejected')),
    native text not null default '',
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (order_id, work_seq)
) with (fillfactor = 80);
create index work_by_hand on work (order_id, work_seq) where account_id is null and state not in ('handed_over', 'cancelled');

create table work_line (
    order_id uuid not null,
    work_seq smallint not null,
    line_no smallint not null,
    sku_id integer not null,
    quantity integer not null check (quantity > 0),
    primary key (order_id, work_seq, line_no, sku_id)
);

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
create index parcel_plain_waybill on parcel (upper(replace(waybill, ' ', '')));
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
create index parcel_item_parcel on parcel_item (parcel_id);

create table parcel_event (
    order_id uuid not null,
    parcel_no smallint not null,
    code text not null,
    occurred_at timestamptz not null,
    location text not null,
    milestone text not null,
    text text not null,
    message_id uuid,
    primary key (order_id, parcel_no, occurred_at, code, location)
);

create table money_entry (
    order_id uuid not null,
    entry_no smallint not null,
    entry_key text not null,
    kind text not null check (kind in ('payment', 'refund', 'fee')),
    amount bigint not null,
    currency text not null,
    said_at timestamptz not null,
    message_id uuid,
    primary key (order_id, entry_no),
    unique (order_id, entry_key)
);

create table warehouse_load (
    warehouse_id smallint not null references warehouse (id),
    day date not null,
    works integer not null,
    primary key (warehouse_id, day)
);

create table unmasking (
    id uuid primary key,
    order_id uuid not null,
    who text not null,
    reason text not null,
    at timestamptz not null,
    xid xid8 not null default pg_current_xact_id()
);
create index unmasking_xid on unmasking (xid);

-- Stock ---------------------------------------------------------------------------------------------------------

create table stock_level (
    sku_id integer not null references sku (id),
    warehouse_id smallint not null references warehouse (id),
    on_hand integer not null default 0,
    reserved integer not null default 0 check (reserved >= 0),
    allocated integer not null default 0 check (allocated >= 0),
    safety integer not null default 0 check (safety >= 0),
    frozen integer not null default 0 check (frozen >= 0),
    primary key (sku_id, warehouse_id)
) with (fillfactor = 50);

create table stock_hold (
    order_id uuid not null,
    hold_no smallint not null,
    line_no smallint not null,
    sku_id integer not null,
    warehouse_id smallint not null,
    quantity integer not null check (quantity > 0),
    kind text not null check (kind in ('reservation', 'allocation')),
    state text not null check (state in ('active', 'released', 'consumed')),
    held_at timestamptz not null,
    primary key (order_id, hold_no)
) with (fillfactor = 80);
create index stock_hold_active on stock_hold (sku_id, warehouse_id) where state = 'active';

create table stock_movement (
    sku_id integer not null,
    warehouse_id smallint not null,
    kind text not null check (kind in
        ('reserve', 'allocate', 'release', 'ship', 'receive', 'adjust', 'stocktake', 'return', 'protect')),
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
    primary key (cause, kind)
);
create index stock_movement_xid on stock_movement (xid);
create index stock_movement_file on stock_movement (cause text_pattern_ops) where cause like 'file/%';

create table stock_pool (
    sku_id integer not null references sku (id),
    account_id smallint not null references account (id),
    share_percent smallint not null default 100 check (share_percent between 0 and 100),
    buffer integer not null default 0 check (buffer >= 0),
    primary key (sku_id, account_id)
);

create table stock_shown (
    account_id smallint not null,
    sku_external text not null,
    quantity integer not null,
    as_of timestamptz not null,
    primary key (account_id, sku_external)
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

-- Queues --------------------------------------------------------------------------------------------------------

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
create index deadline_due on deadline ((coalesce(again_at, due_at))) where state = 'pending';

create table delivery (
    id uuid primary key,
    position bigint generated always as identity,
    account_id smallint not null,
    kind text not null,
    order_id uuid,
    order_key text not null,
    body text not null,
    state text not null check (state in ('due', 'done', 'parked', 'cancelled', 'given_up')),
    attempts smallint not null default 0,
    due_at timestamptz not null,
    lease_until timestamptz,
    last_error text not null default '',
    answer text not null default '',
    created_at timestamptz not null,
    done_at timestamptz
) with (fillfactor = 80);
create index delivery_open on delivery (account_id, order_key, position) where state in ('due', 'parked');
create index delivery_due on delivery (account_id, position) where state = 'due';
create index delivery_order on delivery (order_id) where order_id is not null;

create table delivery_event (
    delivery_id uuid not null references delivery (id),
    seq bigint generated always as identity,
    at timestamptz not null,
    by text not null,
    kind text not null check (kind in ('given_up', 'resent')),
    reason text not null,
    xid xid8 not null default pg_current_xact_id(),
    primary key (delivery_id, seq)
);
create index delivery_event_xid on delivery_event (xid);

create table case_file (
    id uuid primary key,
    kind text not null,
    subject text not null,
    order_id uuid,
    account_id smallint,
    evidence jsonb not null,
    owner text not null,
    opened_at timestamptz not null,
    due_at timestamptz,
    seen_at timestamptz not null,
    sightings integer not null default 1,
    tries integer not null default 0,
    resolved_at timestamptz,
    resolved_by text,
    resolution text,
    cause text not null default '',
    is_group boolean not null default false
);
create unique index case_open on case_file (kind, subject) where resolved_at is null;
create index case_order on case_file (order_id) where order_id is not null;
create index case_recent on case_file (opened_at desc);
create index case_cause on case_file (kind, cause) where resolved_at is null;

create table case_member (
    case_id uuid not null references case_file (id),
    subject text not null,
    order_id uuid,
    seen_at timestamptz not null,
    resolved_at timestamptz,
    resolved_by text,
    primary key (case_id, subject)
);
create index case_member_open on case_member (case_id) where resolved_at is null;
create index case_member_order on case_member (order_id) where order_id is not null;

create table case_event (
    case_id uuid not null references case_file (id),
    seq bigint generated always as identity,
    at timestamptz not null,
    by text not null,
    kind text not null check (kind in ('assigned', 'resolved', 'reopened')),
    detail jsonb not null,
    xid xid8 not null default pg_current_xact_id(),
    primary key (case_id, seq)
);
create index case_event_xid on case_event (xid);

-- Read models ---------------------------------------------------------------------------------------------------

create table order_search (
    order_id uuid primary key,
    document text not null,
    grams text[] not null
);
create index order_search_grams on order_search using gin (grams);

create table order_day (
    day date not null,
    account_id smallint not null,
    orders integer not null default 0,
    completed integer not null default 0,
    cancelled integer not null default 0,
    amount bigint not null default 0,
    primary key (day, account_id)
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

-- Trust ---------------------------------------------------------------------------------------------------------

create table audit_checkpoint (
    number integer primary key,
    from_xid xid8 not null,
    to_xid xid8 not null,
    event_count bigint not null,
    digest bytea not null,
    previous bytea not null,
    at timestamptz not null,
    signature bytea not null,
    ledgers text not null default ''
);

create table app_user (
    name text primary key,
    role text not null,
    password_hash text not null,
    is_one_time boolean not null default false,
    created_at timestamptz not null default now(),
    is_active boolean not null default true
);

create table api_token (
    id uuid primary key,
    name text not null,
    secret_hash text not null,
    scopes text[] not null,
    created_by text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    used_at timestamptz
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end $$;

create trigger message_is_append_only before delete or truncate on message
    for each statement execute function refuse_change();
create trigger order_event_is_append_only before update or delete or truncate on order_event
    for each statement execute function refuse_change();
create trigger stock_movement_is_append_only before update or delete or truncate on stock_movement
    for each statement execute function refuse_change();
create trigger blueprint_version_is_append_only before update or delete or truncate on blueprint_version
    for each statement execute function refuse_change();
create trigger audit_checkpoint_is_append_only before update or delete or truncate on audit_checkpoint
    for each statement execute function refuse_change();
create trigger case_event_is_append_only before update or delete or truncate on case_event
    for each statement execute function refuse_change();
create trigger message_event_is_append_only before update or delete or truncate on message_event
    for each statement execute function refuse_change();
create trigger delivery_event_is_append_only before update or delete or truncate on delivery_event
    for each statement execute function refuse_change();
create trigger unmasking_is_append_only before update or delete or truncate on unmasking
    for each statement execute function refuse_change();
create trigger money_entry_is_append_only before update or delete on money_entry
    for each row execute function refuse_change();
create trigger money_entry_is_never_emptied before truncate on money_entry
    for each statement execute function refuse_change();
