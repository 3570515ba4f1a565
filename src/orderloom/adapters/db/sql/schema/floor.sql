-- The floor of houses that are run here: places, lots, waves, tasks, terminals and scans (docs/decisions/0026).

create table place (
    id integer generated always as identity primary key,
    warehouse_id smallint not null references warehouse (id),
    code text not null,
    kind text not null check (kind in ('pick', 'bulk', 'tote', 'pack', 'dock', 'returns_bench', 'damage', 'quarantine')),
    sequence bigint not null default 0,
    units_max integer not null default 0 check (units_max >= 0),
    is_closed boolean not null default false,
    is_single boolean not null default false,
    unique (warehouse_id, code)
);

-- What boxes are packed into. Measures in mm, 0 for not known; cost in minor units.
create table packing_material (
    id integer generated always as identity primary key,
    code text not null unique check (code <> ''),
    name text not null default '',
    length_mm integer not null default 0 check (length_mm >= 0),
    width_mm integer not null default 0 check (width_mm >= 0),
    height_mm integer not null default 0 check (height_mm >= 0),
    weight_g integer not null default 0 check (weight_g >= 0),
    cost bigint not null default 0 check (cost >= 0),
    currency text not null,
    is_active boolean not null default true
);

create table lot (
    id integer generated always as identity primary key,
    sku_id integer not null references sku (id),
    code text not null check (code <> ''),
    expires_on date,
    owner text not null default '',
    is_blocked boolean not null default false,
    unique (sku_id, code)
);

-- A finer view of on_hand: what lies where. Lot 0 is none. `promised`: open tasks will fetch it.
create table place_level (
    place_id integer not null references place (id),
    sku_id integer not null references sku (id),
    lot_id integer not null,
    warehouse_id smallint not null,
    quantity integer not null default 0,
    promised integer not null default 0,
    primary key (place_id, sku_id, lot_id),
    constraint place_level_never_below_zero check (quantity >= 0),
    constraint place_level_promised check (promised >= 0)
) with (fillfactor = 70);
create index place_level_sku on place_level (sku_id, warehouse_id);

-- Its only writer. A place is null where goods come in or leave, or lay on no place.
create table place_movement (
    cause text not null,
    line_no smallint not null,
    warehouse_id smallint not null,
    sku_id integer not null,
    lot_id integer not null,
    from_id integer,
    to_id integer,
    quantity integer not null check (quantity > 0),
    kind text not null check (kind in ('receive', 'put_away', 'pick', 'pack', 'out', 'put_back', 'short', 'recount', 'unpick',
        'unpack')),
    wave_id uuid,
    task_no integer,
    actor text not null,
    at timestamptz not null,
    primary key (cause, line_no),
    constraint place_movement_moves check (from_id is distinct from to_id)
);
create index place_movement_task on place_movement (wave_id, task_no) where wave_id is not null;
create index place_movement_sku on place_movement (sku_id, warehouse_id, at);

create table wave (
    id uuid primary key,
    number text not null unique,
    warehouse_id smallint not null references warehouse (id),
    kind text not null check (kind in ('discrete', 'single_item', 'same_sku', 'cluster', 'batch_sort')),
    rule text not null,
    state text not null check (state in ('planned', 'released', 'closed', 'cancelled')),
    maker text not null,
    due_at timestamptz,
    opened_at timestamptz not null,
    changed_at timestamptz not null
) with (fillfactor = 90);
create index wave_state on wave (warehouse_id, state, id);

create table wave_work (
    wave_id uuid not null references wave (id),
    order_id uuid not null,
    work_seq smallint not null,
    number text not null,
    slot smallint not null,
    is_live boolean not null,
    is_boxed boolean not null default false,
    weight_g integer not null default 0 check (weight_g >= 0),
    material text not null default '',
    primary key (wave_id, order_id, work_seq)
);
create index wave_work_number on wave_work (number);
create index wave_work_material on wave_work (material) where material <> '';
create unique index wave_work_live on wave_work (order_id, work_seq) where is_live;

create table pick_task (
    wave_id uuid not null references wave (id),
    task_no integer not null,
    order_id uuid not null,
    work_seq smallint not null,
    place_id integer not null references place (id),
    sku_id integer not null references sku (id),
    lot_id integer not null,
    sequence bigint not null,
    quantity integer not null check (quantity > 0),
    picked integer not null default 0,
    short integer not null default 0,
    extra integer not null default 0 check (extra >= 0),
    packed integer not null default 0,
    returned integer not null default 0,
    is_dropped boolean not null default false,
    picker text not null default '',
    primary key (wave_id, task_no),
    constraint pick_task_picked check (picked >= 0 and short >= 0 and picked + short <= quantity),
    constraint pick_task_packed check (packed >= 0 and returned >= 0 and packed + returned <= picked + extra)
) with (fillfactor = 70);
create index pick_task_place on pick_task (place_id, sku_id);
create index pick_task_work on pick_task (order_id, work_seq);

create table terminal (
    device text primary key,
    warehouse_id smallint not null references warehouse (id),
    contiguous bigint not null default 0,
    seen_at timestamptz not null
);

-- Every beep, right or wrong, once. `answer` is what the terminal was told, and is told again.
create table scan (
    id uuid primary key,
    device text not null,
    seq bigint not null check (seq > 0),
    warehouse_id smallint not null,
    action text not null check (action in ('picked', 'packed', 'out', 'put_away', 'short', 'weighed', 'packed_in',
        'undone')),
    at_device timestamptz not null,
    received_at timestamptz not null,
    actor text not null,
    station text not null,
    subject text not null,
    code text not null,
    quantity integer not null,
    is_offline boolean not null,
    verdict text not null,
    reason text not null,
    wave_id uuid,
    task_no integer,
    answer jsonb not null,
    constraint scan_once unique (device, seq)
);
create index scan_task on scan (wave_id, task_no) where wave_id is not null;
create index scan_undone on scan (code) where action = 'undone';
create index scan_received on scan (warehouse_id, received_at);

-- Scales, gates and sensors, and what they said in the last days.
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
