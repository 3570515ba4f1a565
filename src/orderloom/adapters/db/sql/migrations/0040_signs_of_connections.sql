-- When a platform last pushed something genuine, and by how much its clock is ahead of ours.
create table account_sign (
    account_id smallint primary key references account (id),
    pushed_at timestamptz,
    clock_ahead_seconds integer,
    clock_seen_at timestamptz
);
