-- A second factor of people: the secret that their app shares with the hub, and codes for the day on which it is lost.
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
