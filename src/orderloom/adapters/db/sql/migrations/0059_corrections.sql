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
create trigger correction_is_kept before delete or truncate on correction
    for each statement execute function refuse_change();
