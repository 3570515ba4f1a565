-- Who handed a case over, closed or reopened it: what people did, in the order in which they did it, for good.
create table case_event (
    case_id uuid not null references case_file (id),
    seq bigint generated always as identity,
    at timestamptz not null,
    by text not null,
    kind text not null check (kind in ('assigned', 'resolved', 'reopened')),
    detail jsonb not null,
    primary key (case_id, seq)
);
create trigger case_event_is_append_only before update or delete or truncate on case_event
    for each statement execute function refuse_change();
