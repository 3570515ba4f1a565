-- What was sent is forgotten some months after it is settled, but for what names it; a digest proves what it was.
alter table delivery add column body_digest bytea, add column pruned_at timestamptz;

create table chore (
    name text primary key,
    place text not null,
    began_at timestamptz not null
);
