-- What has a life of its own and is no order, each with its log: docs/decisions/0024.

create table subject (
    id uuid primary key,
    kind text not null check (kind in ('stock_document', 'quota', 'snapshot', 'wave', 'purchase')),
    number text not null unique,
    opened_at timestamptz not null,
    event_count integer not null check (event_count > 0),
    event_head bytea not null
) with (fillfactor = 90);
create index subject_kind on subject (kind, id);

create table subject_event (
    subject_id uuid not null,
    seq integer not null,
    kind text not null,
    at timestamptz not null,
    actor text not null,
    message_id uuid,
    blueprint integer not null,
    facts text not null,
    hash bytea not null,
    xid xid8 not null default pg_current_xact_id(),
    primary key (subject_id, seq)
);
create index subject_event_xid on subject_event (xid);

-- How many numbers of a kind were drawn on a business day.
create table subject_number (
    kind text not null,
    day date not null,
    drawn integer not null check (drawn > 0),
    primary key (kind, day)
);
