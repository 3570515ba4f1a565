-- Labels are given back, and then the box may have another one; couriers are sent for as labels are bought.
alter table label drop constraint label_state_check;
alter table label add constraint label_state_check check (
    state in ('asked', 'bought', 'in_doubt', 'refused', 'given_up', 'cancelling', 'cancelled'));
alter table label drop constraint label_work_no_box_purpose_key;
alter table label add column is_unwanted boolean not null default false;
create unique index label_standing on label (work_no, box, purpose) where state <> 'cancelled';
create index label_unwanted on label (account_id) where is_unwanted and state = 'bought';
create index label_bought on label (account_id, answered_at) where state = 'bought';

-- Couriers that are sent for: the request is written before the call, and stands once per box and purpose.
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
    state text not null check (state in ('asked', 'booked', 'in_doubt', 'refused', 'given_up')),
    booking text not null default '',
    error text not null default '',
    asked_by text not null,
    asked_at timestamptz not null,
    answered_at timestamptz
);
create index pickup_work on pickup (work_no);
create index pickup_order on pickup (order_id);
