-- What has to be read again at its source: a push hinted that it changed, or a list named it and did not give it.
create table reread (
    account_id smallint not null,
    what text not null,
    external_id text not null,
    hints bigint not null default 1,
    owed_since timestamptz not null,
    due_at timestamptz not null,
    lease_until timestamptz,
    failures integer not null default 0,
    last_error text not null default '',
    primary key (account_id, what, external_id)
);
create index reread_due on reread (due_at);
