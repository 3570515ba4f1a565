-- By which carrier's service a work goes and until when it is promised; regions that a carrier has stopped.
alter table work add column service text not null default '';
alter table work add column carrier text not null default '';
alter table work add column cost bigint;
alter table work add column promised_at timestamptz;
create index work_by_carrier on work (carrier, order_id) where carrier <> '' and state not in ('handed_over', 'cancelled');

create table carrier_stop (
    id integer generated always as identity primary key,
    carrier text not null default '',
    division text not null default '',
    begins_at timestamptz not null,
    ends_at timestamptz,
    reason text not null,
    source text not null check (source in ('hand', 'tracking')),
    told_by text not null,
    told_at timestamptz not null,
    ended_at timestamptz,
    ended_by text not null default '',
    met_at timestamptz,
    constraint carrier_stop_ends_later check (ends_at > begins_at)
);
create index carrier_stop_to_meet on carrier_stop (begins_at) where met_at is null and ended_at is null;

create table routing_outcome (
    order_id uuid primary key,
    arm text not null,
    rule text not null,
    promised_at timestamptz not null,
    ended_at timestamptz not null,
    is_on_time boolean not null,
    is_split boolean not null,
    is_returned boolean not null,
    cost bigint not null,
    parcels integer not null
);
create index routing_outcome_ended on routing_outcome (ended_at);
