-- People are forgotten on request: whose orders, which messages were emptied, and what is still to be rewritten.
alter table orders add column is_erased boolean not null default false;
create index orders_erased on orders (id) where is_erased;
alter table message add column erased_for uuid;

create table erasure (
    id uuid primary key,
    by_actor text not null,
    reason text not null,
    at timestamptz not null,
    orders integer not null,
    done integer not null default 0,
    refused integer not null default 0,
    vouchers integer not null default 0,
    labels integer not null default 0,
    notes integer not null default 0,
    deliveries integer not null default 0,
    texts integer not null default 0,
    ended_at timestamptz
);

create table erasure_text (
    order_id uuid not null,
    seq integer not null,
    facts text not null,
    primary key (order_id, seq)
);

create function refuse_rewriting() returns trigger language plpgsql as $$
begin
    if (new.order_id, new.seq, new.kind, new.at, new.actor, new.message_id, new.blueprint, new.hash, new.xid)
        is not distinct from
        (old.order_id, old.seq, old.kind, old.at, old.actor, old.message_id, old.blueprint, old.hash, old.xid)
        and exists (
            select from order_event e where e.order_id = new.order_id and e.kind = 'person_erased' and e.seq > new.seq
                and position(encode(sha256(convert_to(new.facts, 'UTF8')), 'hex') in e.facts) > 0)
    then
        return new;
    end if;
    raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end $$;
drop trigger order_event_is_append_only on order_event;
create trigger order_event_is_append_only before delete or truncate on order_event
    for each statement execute function refuse_change();
create trigger order_event_is_rewritten_by_erasure_alone before update on order_event
    for each row execute function refuse_rewriting();

create function refuse_other_notes() returns trigger language plpgsql as $$
begin
    if new.body = '' and (new.id, new.order_id, new.at, new.by_actor, new.xid)
        is not distinct from (old.id, old.order_id, old.at, old.by_actor, old.xid)
        and exists (select from orders o where o.id = new.order_id and o.is_erased)
    then
        return new;
    end if;
    raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end $$;
drop trigger order_note_is_append_only on order_note;
create trigger order_note_is_append_only before delete or truncate on order_note
    for each statement execute function refuse_change();
create trigger order_note_is_emptied_by_erasure_alone before update on order_note
    for each row execute function refuse_other_notes();

-- An emptied message has nothing to go through the route again with: it stays what it became.
create function keep_erased() returns trigger language plpgsql as $$
begin
    if exists (select from message m where m.id = new.message_id and m.erased_for is not null) then
        return null;
    end if;
    return new;
end $$;
create trigger intake_of_erased_stays before update on intake for each row
    when (new.outcome = 'pending' and old.outcome <> 'pending') execute function keep_erased();
