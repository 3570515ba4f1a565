-- Walks through a source's past beside the live pull: a backfill from before the connection, and a second sweep over time
-- that was pulled. `landed` counts what was new to the hub, `found` what a pull should have brought and did not.
create table pull_walk (
    account_id smallint not null references account (id),
    kind text not null check (kind in ('backfill', 'sweep')),
    scope text not null default 'open' check (scope in ('open', 'all')),
    since timestamptz not null,
    until timestamptz,
    at timestamptz not null,
    key text not null default '',
    landed bigint not null default 0,
    found bigint not null default 0,
    due_at timestamptz not null,
    lease_until timestamptz,
    failures integer not null default 0,
    last_error text not null default '',
    finished_at timestamptz,
    primary key (account_id, kind)
);
