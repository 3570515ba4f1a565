-- Idempotency-Key of commands: a call that is made again counts once.
create table call_key (
    key text not null,
    by_actor text not null,
    digest bytea not null,
    order_id uuid,
    at timestamptz not null,
    primary key (key, by_actor)
);
create index call_key_at on call_key (at);
