-- Who may, what is sealed, and what nobody may change.

create table audit_checkpoint (
    number integer primary key,
    from_xid xid8 not null,
    to_xid xid8 not null,
    event_count bigint not null,
    digest bytea not null,
    previous bytea not null,
    at timestamptz not null,
    signature bytea not null,
    ledgers text not null default ''
);

create index audit_checkpoint_at on audit_checkpoint (at);

-- Verifications of the log: who had it verified, what was looked at, what was found.
create table audit_check (
    id uuid primary key,
    at timestamptz not null,
    by text not null,
    began_at timestamptz not null,
    is_deep boolean not null,
    orders bigint not null,
    events bigint not null,
    checkpoints bigint not null,
    unsealed bigint not null,
    refolded bigint not null,
    faults jsonb not null
);

-- Backups and restore drills, as whatever did them said.
create table backup_run (
    id uuid primary key,
    kind text not null check (kind in ('backup', 'drill')),
    began_at timestamptz not null,
    ended_at timestamptz not null,
    is_good boolean not null,
    bytes bigint not null check (bytes >= 0),
    place text not null,
    detail text not null,
    by text not null
);
create index backup_run_kind on backup_run (kind, ended_at);

create table app_user (
    name text primary key,
    role text not null,
    password_hash text not null,
    is_one_time boolean not null default false,
    created_at timestamptz not null default now(),
    is_active boolean not null default true,
    preferences jsonb not null default '{}',
    issuer text not null default '',
    subject text not null default '',
    limits jsonb not null default '{}'
);
create unique index app_user_subject on app_user (issuer, subject) where subject <> '';

create table second_factor (
    user_name text primary key references app_user (name),
    secret_cipher bytea not null,
    step bigint not null default 0,
    begun_at timestamptz not null,
    confirmed_at timestamptz
);

create table recovery_code (
    user_name text not null references second_factor (user_name) on delete cascade,
    code_hash text not null,
    used_at timestamptz,
    primary key (user_name, code_hash)
);

create table api_token (
    id uuid primary key,
    name text not null,
    secret_hash text not null,
    scopes text[] not null,
    created_by text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    used_at timestamptz,
    address text not null default '',
    device text not null default '',
    role text not null default '',
    limits jsonb not null default '{}'
);

-- Who was forgotten on request, how much was emptied; texts that replace those of the log until they have.
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

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end $$;

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
create trigger message_is_append_only before delete or truncate on message
    for each statement execute function refuse_change();
create trigger order_event_is_append_only before delete or truncate on order_event
    for each statement execute function refuse_change();
create trigger order_event_is_rewritten_by_erasure_alone before update on order_event
    for each row execute function refuse_rewriting();
create trigger stock_movement_is_append_only before update or delete or truncate on stock_movement
    for each statement execute function refuse_change();
create trigger blueprint_version_is_append_only before update or delete or truncate on blueprint_version
    for each statement execute function refuse_change();
create trigger audit_checkpoint_is_append_only before update or delete or truncate on audit_checkpoint
    for each statement execute function refuse_change();
create trigger case_event_is_append_only before update or delete or truncate on case_event
    for each statement execute function refuse_change();
create trigger message_event_is_append_only before update or delete or truncate on message_event
    for each statement execute function refuse_change();
create trigger correction_is_kept before delete or truncate on correction
    for each statement execute function refuse_change();
create trigger delivery_event_is_append_only before update or delete or truncate on delivery_event
    for each statement execute function refuse_change();
create trigger sku_event_is_append_only before update or delete or truncate on sku_event
    for each statement execute function refuse_change();
create trigger subject_event_is_append_only before update or delete or truncate on subject_event
    for each statement execute function refuse_change();
create trigger unmasking_is_append_only before update or delete or truncate on unmasking
    for each statement execute function refuse_change();
create trigger money_entry_is_append_only before update or delete on money_entry
    for each row execute function refuse_change();
create trigger money_entry_is_never_emptied before truncate on money_entry
    for each statement execute function refuse_change();

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
create trigger place_movement_is_append_only before update or delete or truncate on place_movement
    for each statement execute function refuse_change();
create trigger scan_is_append_only before update or delete or truncate on scan
    for each statement execute function refuse_change();
