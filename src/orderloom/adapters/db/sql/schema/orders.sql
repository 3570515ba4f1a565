-- Orders and all that belongs to one: lines, log, claims, holds, work, parcels, money.

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
    is_erased boolean not null default false,
    unique (account_id, external_id)
) with (fillfactor = 90);
create index orders_phase on orders (phase, id);
create index orders_stage on orders (stage, id) include (staged_at);
create index orders_account on orders (account_id, id);
create index orders_payment on orders (payment, id);
create index orders_currency on orders (currency, id);
create index orders_short on orders (id) where is_short and not is_cancelled;
create index orders_short_first_come on orders (paid_at, id) where is_short and not is_cancelled;
create index orders_short_ship_by on orders ((facts ->> 'ship_by'), paid_at, id) where is_short and not is_cancelled;
create index orders_parent on orders (account_id, parent_external_id) where parent_external_id <> '';
create index orders_external_number on orders (account_id, external_number) where external_number <> '';
create index orders_last4 on orders (receiver_phone_last4, id) where receiver_phone_last4 <> '';
create index orders_placed on orders (placed_at, id) include (phase, account_id);
create index orders_total on orders (total, id) include (phase, stage, payment, account_id, currency);
create index orders_province on orders (receiver_province, id);
create index orders_erased on orders (id) where is_erased;
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
) with (fillfactor = 90);

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

create table gift_once (
    buyer bytea not null,
    gift text not null,
    order_id uuid not null,
    given_at timestamptz not null,
    primary key (buyer, gift)
);
create index gift_once_order on gift_once (order_id);

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
    accepted_by text not null default '',
    wave text not null default '',
    accepted_at timestamptz,
    service text not null default '',
    carrier text not null default '',
    cost bigint,
    promised_at timestamptz,
    merge_no text not null default '',
    primary key (order_id, work_seq)
);
create index work_merge on work (merge_no) where merge_no <> '';
create index work_warehouse on work (warehouse_id, order_id);
create index work_by_hand on work (order_id, work_seq) where account_id is null and state not in ('handed_over', 'cancelled');
create index work_by_carrier on work (carrier, order_id) where carrier <> '' and state not in ('handed_over', 'cancelled');

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
create index parcel_carrier on parcel (carrier, id);
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
create index parcel_item_parcel on parcel_item (parcel_id) include (order_id);

create table parcel_event (
    order_id uuid not null,
    parcel_no smallint not null,
    code text not null,
    occurred_at timestamptz not null,
    location text not null,
    milestone text not null,
    text text not null,
    message_id uuid,
    incident text not null default '',
    blame text not null default '',
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

create table after_sale (
    order_id uuid not null,
    after_sale_no smallint not null,
    external_id text not null,
    kind text not null check (kind in ('refund_only', 'return_refund', 'exchange', 'reship', 'repair', 'cancel')),
    state text not null check (state in ('asked', 'agreed', 'returning', 'received', 'refused', 'withdrawn', 'refunded',
        'done')),
    revision timestamptz not null,
    currency text not null,
    amount bigint,
    refunded bigint not null,
    refund_external_id text not null,
    reason text not null,
    native text not null,
    asked_at timestamptz,
    waybill text not null,
    carrier text not null,
    lines jsonb not null,
    message_id uuid,
    decision text not null default '' check (decision in ('', 'granted', 'declined')),
    decision_amount bigint,
    decision_state text not null default '' check (decision_state in ('', 'to_tell', 'told', 'refused', 'given_up',
        'past')),
    primary key (order_id, after_sale_no),
    unique (order_id, external_id)
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

create table order_note (
    id uuid primary key,
    order_id uuid not null,
    at timestamptz not null,
    by_actor text not null,
    body text not null,
    mentions text[] not null,
    contacted_at timestamptz,
    promised_at timestamptz,
    xid xid8 not null default pg_current_xact_id()
);
create index order_note_order on order_note (order_id, at);
create index order_note_mentions on order_note using gin (mentions);
create index order_note_promised on order_note (promised_at) where promised_at is not null;
create index order_note_xid on order_note (xid);

create table mentions_seen (
    name text primary key,
    upto timestamptz not null
);

create table routing_outcome (
    order_id uuid primary key,
    arm text not null,
    rule text not null,
    promised_at timestamptz not null,
    ended_at timestamptz not null,
    is_on_time boolean not null,
    is_split boolean not null,
    is_returned boolean not null,
    cost bigint not null,
    parcels integer not null
);
create index routing_outcome_ended on routing_outcome (ended_at);
