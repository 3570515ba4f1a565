-- Scales, gates and sensors of a floor, and what they said in the last days.
create table floor_device (
    device text primary key,
    warehouse_id smallint not null references warehouse (id),
    kind text not null check (kind in ('scale', 'gate', 'sensor')),
    station text not null default '',
    is_active boolean not null default true,
    salt text not null,
    heard_at timestamptz
);

create table device_reading (
    device text not null references floor_device (device),
    reading text not null,
    warehouse_id smallint not null,
    at_device timestamptz not null,
    received_at timestamptz not null,
    value bigint not null,
    unit text not null,
    code text not null,
    verdict text not null check (verdict in ('kept', 'out', 'not_out', 'unknown')),
    primary key (device, reading)
);
create index device_reading_received on device_reading (received_at);
create index device_reading_not_out on device_reading (code) where verdict = 'not_out';
create index label_waybill on label (waybill) where state = 'bought';
