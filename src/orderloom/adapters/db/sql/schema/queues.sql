-- What waits for a time, a target or a person: deadlines, deliveries, cases.

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
);
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
    done_at timestamptz,
    body_digest bytea,
    pruned_at timestamptz,
    sent_at timestamptz
);
create index delivery_open on delivery (account_id, order_key, position) where state in ('due', 'parked');
create index delivery_due on delivery (account_id, position) where state = 'due';
create index delivery_order on delivery (order_id) where order_id is not null;

-- Waybills that are bought of a carrier: the request is written before the call, and stands once per box and purpose
-- until it is given back; `is_unwanted`: its work does not go out, and it is given back as soon as it is bought;
-- `station`: where in the warehouse its label is printed.
create table label (
    number text primary key,
    order_id uuid not null,
    work_no text not null,
    box smallint not null check (box between 1 and 999),
    purpose text not null check (purpose in ('out', 'back')),
    account_id smallint not null,
    carrier text not null,
    state text not null check (state in ('asked', 'bought', 'in_doubt', 'refused', 'given_up', 'cancelling', 'cancelled')),
    waybill text not null default '',
    print_cipher bytea not null default '',
    error text not null default '',
    asked_by text not null,
    asked_at timestamptz not null,
    answered_at timestamptz,
    is_unwanted boolean not null default false,
    station text not null default '',
    is_met boolean not null default false
);
create index label_order on label (order_id);
create index label_printable on label (answered_at) where length(print_cipher) > 0;
create unique index label_standing on label (work_no, box, purpose) where state <> 'cancelled';
create index label_unwanted on label (account_id) where is_unwanted and state = 'bought';
create index label_waybill on label (waybill) where state = 'bought';
create index label_refused on label (number) where state = 'refused' and not is_met;
create index label_bought on label (account_id, answered_at) where state = 'bought';

-- Couriers that are sent for: the request is written before the call, and stands once per box and purpose until the
-- courier is called off. `reference` is the carrier's second word for the booking; `is_of_label`: it is part of the
-- order of `label_no` there and ends with that one; `is_unwanted`: it is called off as soon as it is booked.
create table pickup (
    number text primary key,
    order_id uuid not null,
    work_no text not null,
    box smallint not null check (box between 1 and 999),
    purpose text not null check (purpose in ('out', 'back')),
    account_id smallint not null,
    carrier text not null,
    from_at timestamptz not null,
    until_at timestamptz not null,
    state text not null check (state in ('asked', 'booked', 'in_doubt', 'refused', 'given_up', 'cancelling', 'cancelled')),
    booking text not null default '',
    error text not null default '',
    asked_by text not null,
    asked_at timestamptz not null,
    answered_at timestamptz,
    reference text not null default '',
    label_no text not null default '',
    is_of_label boolean not null default false,
    is_unwanted boolean not null default false
);
create index pickup_work on pickup (work_no);
create index pickup_order on pickup (order_id);
create index pickup_label on pickup (label_no) where label_no <> '';
create index pickup_unwanted on pickup (account_id) where is_unwanted and state = 'booked';

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

-- Tries that failed; how the last one ended stands in the delivery.
create table delivery_try (
    delivery_id uuid not null references delivery (id),
    at timestamptz not null,
    error text not null,
    primary key (delivery_id, at)
);

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
    is_group boolean not null default false,
    told_at timestamptz,
    taken_at timestamptz,
    taken_by text,
    person text
);
create unique index case_open on case_file (kind, subject) where resolved_at is null;
create index case_order on case_file (order_id) where order_id is not null;
create index case_of_orders on case_file (kind, order_id) where resolved_at is null and order_id is not null;
create index case_recent on case_file (opened_at desc);
create index case_cause on case_file (kind, cause) where resolved_at is null;
create index case_untold on case_file (opened_at) where told_at is null and resolved_at is null;
create index case_due on case_file (due_at, id) where resolved_at is null;
create index case_ended on case_file (resolved_at) where resolved_at is not null;

-- Until when a person has put a case off, in their own queue only.
create table case_snooze (
    person text not null,
    case_id uuid not null references case_file (id),
    until timestamptz not null,
    primary key (person, case_id)
);

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
    kind text not null check (kind in ('assigned', 'resolved', 'reopened', 'taken', 'commented', 'mended')),
    detail jsonb not null,
    xid xid8 not null default pg_current_xact_id(),
    primary key (case_id, seq)
);
create index case_event_xid on case_event (xid);

create table chore (
    name text primary key,
    place text not null,
    began_at timestamptz not null
);

create table call_key (
    key text not null,
    by_actor text not null,
    digest bytea not null,
    order_id uuid,
    at timestamptz not null,
    primary key (key, by_actor)
);
create index call_key_at on call_key (at);
