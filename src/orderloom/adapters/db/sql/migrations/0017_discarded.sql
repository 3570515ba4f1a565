-- A parked message that a person looked at and took out: it stays stored and counted, and can be brought back.
alter table intake drop constraint intake_outcome_check;
alter table intake add constraint intake_outcome_check
    check (outcome in ('pending', 'normalised', 'parked', 'quarantined', 'split', 'discarded'));

create table message_event (
    message_id uuid not null references message (id),
    seq bigint generated always as identity,
    at timestamptz not null,
    by text not null,
    kind text not null check (kind in ('discarded', 'brought_back')),
    reason text not null,
    primary key (message_id, seq)
);
create trigger message_event_is_append_only before update or delete or truncate on message_event
    for each statement execute function refuse_change();
