-- Verifications of the log, and the way from an instant to the transactions of then.
create index audit_checkpoint_at on audit_checkpoint (at);

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
