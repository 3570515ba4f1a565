-- What came in: the stored messages, what became of each, and how many were counted at the door.

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
    erased_for uuid,
    unique (account_id, event_id)
);
create index message_parent on message (parent_id) where parent_id is not null;

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
    processed_at timestamptz,
    stake bigint,
    currency text,
    mapping text
);
create index intake_pending on intake (lane, message_id) where outcome = 'pending';
create index intake_parked on intake (park_key) where outcome = 'parked';
create index intake_quarantined on intake (message_id) where outcome = 'quarantined';
create index intake_order on intake (order_id) where order_id is not null;

create table message_event (
    message_id uuid not null references message (id),
    seq bigint generated always as identity,
    at timestamptz not null,
    by text not null,
    kind text not null check (kind in ('discarded', 'brought_back', 'let_in')),
    reason text not null,
    xid xid8 not null default pg_current_xact_id(),
    primary key (message_id, seq)
);
create index message_event_xid on message_event (xid);

-- Values that people put right in one message, with who and why: its bytes stay as they came.
create table correction (
    id uuid primary key,
    message_id uuid not null references message (id),
    path text not null,
    value_cipher bytea not null,
    author text not null,
    reason text not null,
    at timestamptz not null
);
create index correction_message on correction (message_id);

create table file_import (
    id uuid primary key,
    account_id smallint not null,
    file text not null,
    digest text not null,
    bytes bigint not null,
    by text not null,
    begun_at timestamptz not null,
    seen_at timestamptz not null,
    ended_at timestamptz,
    options text not null,
    encoding text not null default '',
    rows integer not null default 0,
    rows_failed integer not null default 0,
    items integer not null default 0,
    items_known integer not null default 0,
    refused text not null default '',
    message_id uuid
);
create index file_import_begun on file_import (begun_at);

create table replay_run (
    id uuid primary key,
    by text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    chosen text not null,
    total integer not null,
    done integer not null default 0,
    upto uuid
);

create table tally (
    account_id smallint not null,
    hour timestamptz not null,
    measure text not null,
    quantity bigint not null
);
create index tally_hour on tally (hour, account_id, measure);

create table reread (
    account_id smallint not null,
    what text not null,
    external_id text not null,
    hints bigint not null default 1,
    owed_since timestamptz not null,
    due_at timestamptz not null,
    lease_until timestamptz,
    failures integer not null default 0,
    last_error text not null default '',
    primary key (account_id, what, external_id)
);
create index reread_due on reread (due_at);
