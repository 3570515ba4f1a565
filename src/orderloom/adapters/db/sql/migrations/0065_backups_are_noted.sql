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
