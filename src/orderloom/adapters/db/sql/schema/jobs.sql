-- Work that people started and that goes on without them: how far it is, what became of each row, its file.

create table job (
    id uuid primary key,
    kind text not null,
    by text not null,
    caller jsonb not null,
    asked jsonb not null,
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
    place jsonb not null default 'null',
    total integer,
    done integer not null default 0,
    refused integer not null default 0,
    tries smallint not null default 0,
    lease_until timestamptz,
    key text not null default '',
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    why_zh text not null default '',
    why_en text not null default '',
    file_name text not null default '',
    file_bytes bigint not null default 0,
    file_until timestamptz
);
create unique index job_key on job (by, key) where key <> '';
create index job_open on job (id) where state in ('waiting', 'running');
create index job_by on job (by, id);
create index job_file on job (file_until) where file_until is not null;

create table job_row (
    job_id uuid not null references job (id) on delete cascade,
    row_no integer not null,
    ref text not null,
    result text not null check (result in ('done', 'unchanged', 'refused')),
    code text not null default '',
    facts jsonb not null default '{}',
    primary key (job_id, row_no)
);
