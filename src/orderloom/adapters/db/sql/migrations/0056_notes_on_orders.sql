-- What people write on orders for one another: never changed, only added to.
create table order_note (
    id uuid primary key,
    order_id uuid not null,
    at timestamptz not null,
    by_actor text not null,
    body text not null,
    mentions text[] not null,
    contacted_at timestamptz,
    promised_at timestamptz,
    xid xid8 not null default pg_current_xact_id()
);
create index order_note_order on order_note (order_id, at);
create index order_note_mentions on order_note using gin (mentions);
create index order_note_promised on order_note (promised_at) where promised_at is not null;
create index order_note_xid on order_note (xid);
create trigger order_note_is_append_only before update or delete or truncate on order_note
    for each statement execute function refuse_change();

-- Up to where each person has seen who mentioned them.
create table mentions_seen (
    name text primary key,
    upto timestamptz not null
);
