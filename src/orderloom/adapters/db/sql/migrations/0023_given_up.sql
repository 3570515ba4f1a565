-- A parked delivery that a person gave up: it stays stored, blocks nothing any more, and can be sent again.
alter table delivery drop constraint delivery_state_check;
alter table delivery add constraint delivery_state_check
    check (state in ('due', 'done', 'parked', 'cancelled', 'given_up'));

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
create trigger delivery_event_is_append_only before update or delete or truncate on delivery_event
    for each statement execute function refuse_change();
