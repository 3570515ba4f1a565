-- Who is told of what: accounts that messages leave by, where recipients are reached, what is to be told, and every
-- message with what became of it. Cases can be taken by a person.
alter table account drop constraint account_family_check,
    add constraint account_family_check
    check (family in ('channels', 'systems', 'carriers', 'subscribers', 'messengers'));
alter table case_file add column told_at timestamptz, add column taken_at timestamptz, add column taken_by text;
create index case_untold on case_file (opened_at) where told_at is null and resolved_at is null;
alter table case_event drop constraint case_event_kind_check,
    add constraint case_event_kind_check check (kind in ('assigned', 'resolved', 'reopened', 'taken'));

create table recipient_address (
    id uuid primary key,
    recipient text not null,
    account_id smallint not null references account (id),
    address_cipher bytea not null,
    shown text not null,
    kept_at timestamptz not null,
    kept_by text not null,
    unique (recipient, account_id)
);

create table notice (
    id uuid primary key,
    rule text not null,
    subject text not null,
    case_id uuid,
    order_id uuid,
    account_id smallint,
    severity text not null,
    owner text not null,
    told jsonb not null,
    opened_at timestamptz not null,
    step smallint not null default 0,
    due_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    ended_at timestamptz,
    ended_why text not null default ''
);
create unique index notice_open on notice (rule, subject) where ended_at is null;
create index notice_due on notice (due_at) where due_at is not null and ended_at is null;
create index notice_case on notice (case_id) where ended_at is null and case_id is not null;

create table telling (
    id uuid primary key,
    notice_id uuid not null references notice (id),
    step smallint not null,
    recipient text not null,
    account_id smallint references account (id),
    state text not null check (state in ('waiting', 'handed_over', 'needless', 'unreachable')),
    held_by text not null default '',
    created_at timestamptz not null,
    due_at timestamptz not null,
    handed_at timestamptz,
    delivery_id uuid,
    unique nulls not distinct (notice_id, step, recipient, account_id)
);
create index telling_waiting on telling (account_id, due_at) where state = 'waiting';
create index telling_recent on telling (account_id, recipient, handed_at) where state = 'handed_over';
create index telling_delivery on telling (delivery_id) where delivery_id is not null;
