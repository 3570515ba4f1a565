-- Replays of many messages: who began one, what was chosen, how far it is. One that was cut short goes on from there.
create table replay_run (
    id uuid primary key,
    by text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    chosen text not null,
    total integer not null,
    done integer not null default 0,
    upto uuid
);
