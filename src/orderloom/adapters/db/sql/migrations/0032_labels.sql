-- Waybills that are bought of a carrier: the request is written before the call, and stands once per box and purpose.
create table label (
    number text primary key,
    order_id uuid not null,
    work_no text not null,
    box smallint not null check (box between 1 and 999),
    purpose text not null check (purpose in ('out', 'back')),
    account_id smallint not null,
    carrier text not null,
    state text not null check (state in ('asked', 'bought', 'in_doubt', 'refused', 'given_up')),
    waybill text not null default '',
    print_cipher bytea not null default '',
    error text not null default '',
    asked_by text not null,
    asked_at timestamptz not null,
    answered_at timestamptz,
    unique (work_no, box, purpose)
);
create index label_order on label (order_id);
create index label_printable on label (answered_at) where length(print_cipher) > 0;
