-- What connectors lean on: the pace that each platform allows an account (api '': all of its calls together), tokens that
-- end and are renewed, and authorisations that a person has begun.

create table pace (
    account_id smallint not null references account (id),
    api text not null,
    tokens double precision not null,
    filled_at timestamptz not null,
    blocked_until timestamptz not null default '-infinity',
    stock_waits_until timestamptz not null default '-infinity',
    primary key (account_id, api)
);

create table account_token (
    account_id smallint primary key references account (id),
    of_index bytea not null,
    tokens_cipher bytea not null,
    expires jsonb not null default '{}',
    authorised_until timestamptz,
    generation bigint not null default 0,
    renewed_at timestamptz,
    is_same boolean not null default false,
    lease text not null default '',
    lease_until timestamptz not null default '-infinity',
    failures integer not null default 0,
    failed_at timestamptz,
    failure_code text not null default '',
    failure text not null default '',
    is_final boolean not null default false,
    ask_again_at timestamptz not null default '-infinity'
);

create table authorisation (
    state_index bytea primary key,
    account_id smallint not null references account (id),
    redirect text not null,
    began_by text not null,
    began_user text not null,
    began_token text not null,
    ends_at timestamptz not null,
    used_at timestamptz
);

create table account_sign (
    account_id smallint primary key references account (id),
    pushed_at timestamptz,
    clock_ahead_seconds integer,
    clock_seen_at timestamptz
);
