-- The declared schema, one file an area (`columns.py` names their order): what every migrated database must equal
-- (tests/migration). PostgreSQL 15 or newer, no extensions.
-- Money is bigint minor units, quantities are integer base units, instants are timestamptz (UTC), ids are UUIDv7 given by the hub.
-- Personal data stands only in bytea columns named *_cipher (AES-GCM) and *_index (HMAC); see docs/personal-data.md.

-- Whom and what the hub knows: accounts and how far they are read, blueprints, goods, warehouses.

create table account (
    id smallint generated always as identity primary key,
    code text not null unique,
    family text not null check (family in ('channels', 'systems', 'carriers', 'subscribers', 'messengers')),
    connector text not null,
    title text not null default '',
    zone text not null,
    base_url text not null default '',
    credentials_cipher bytea not null,
    settings jsonb not null default '{}',
    is_active boolean not null default true,
    health text not null default '',
    is_well boolean,
    checked_at timestamptz,
    created_at timestamptz not null default now(),
    is_watching boolean not null default false,
    credentials_at timestamptz,
    ended_at timestamptz
);

-- Mappings as people edited them: what stands in place of a connector's own for one account.
create table mapping_version (
    account_id smallint not null references account (id),
    topic text not null,
    version integer not null check (version > 0),
    content text not null,
    digest text not null,
    author text not null,
    reason text not null default '',
    state text not null check (state in ('draft', 'in_force', 'before')),
    trial text not null default '',
    changed_at timestamptz not null,
    published_at timestamptz,
    primary key (account_id, topic, version)
);
create unique index mapping_version_in_force on mapping_version (account_id, topic) where state = 'in_force';
create unique index mapping_version_draft on mapping_version (account_id, topic) where state = 'draft';

-- What somebody is preparing: an account half connected, a sample that a mapping is made with.
create table preparation (
    id uuid primary key,
    kind text not null check (kind in ('connect', 'sample')),
    account_id smallint references account (id),
    subject text not null,
    told text not null,
    sealed_cipher bytea not null default '',
    by text not null,
    made_at timestamptz not null,
    changed_at timestamptz not null
);
create unique index preparation_sample on preparation (account_id, subject) where kind = 'sample';

create table pull_cursor (
    account_id smallint primary key references account (id),
    at timestamptz not null,
    key text not null default '',
    due_at timestamptz not null default now(),
    lease_until timestamptz,
    failures integer not null default 0,
    last_error text not null default '',
    pulled_at timestamptz,
    failing_since timestamptz
);

create table pull_walk (
    account_id smallint not null references account (id),
    kind text not null check (kind in ('backfill', 'sweep')),
    scope text not null default 'open' check (scope in ('open', 'all')),
    since timestamptz not null,
    until timestamptz,
    at timestamptz not null,
    key text not null default '',
    landed bigint not null default 0,
    found bigint not null default 0,
    due_at timestamptz not null,
    lease_until timestamptz,
    failures integer not null default 0,
    last_error text not null default '',
    finished_at timestamptz,
    primary key (account_id, kind)
);

create table token_bucket (
    account_id smallint primary key references account (id),
    tokens double precision not null,
    per_second double precision not null,
    burst double precision not null,
    filled_at timestamptz not null,
    blocked_until timestamptz
);

create table blueprint_version (
    version integer primary key,
    content jsonb not null,
    digest bytea not null,
    author text not null,
    reason text not null,
    published_at timestamptz not null default now()
);

create table cache_version (
    name text primary key,
    version bigint not null
);

create table directory_change (
    version bigint primary key,
    skus integer[],
    spellings text[]
);

create table category (
    id integer generated always as identity primary key,
    parent_id integer references category (id),
    name text not null,
    name_en text not null default '',
    position integer not null default 0,
    unique nulls not distinct (parent_id, name)
);

create table sku (
    id integer generated always as identity primary key,
    code text not null unique,
    name text not null default '',
    unit text not null default '',
    created_at timestamptz not null default now(),
    is_active boolean not null default true,
    kind text not null default 'goods' check (kind in ('goods', 'service', 'virtual')),
    hs_code text not null default '',
    name_en text not null default '',
    category_id integer references category (id),
    goods_class text not null default '',
    tax_class text not null default '',
    cost bigint check (cost >= 0),
    cost_currency text not null default '',
    weight_g integer not null default 0 check (weight_g >= 0),
    length_mm integer not null default 0 check (length_mm >= 0),
    width_mm integer not null default 0 check (width_mm >= 0),
    height_mm integer not null default 0 check (height_mm >= 0),
    has_lots boolean not null default false,
    has_serials boolean not null default false,
    shelf_life_days integer not null default 0 check (shelf_life_days >= 0),
    picture text not null default '',
    is_apart boolean not null default false,
    version integer not null default 1,
    skeleton text generated always as (regexp_replace(
        translate(lower(normalize(code, NFKC)), 'oil| -_./\+·~‐‑‒–—―−', '0111'), '(^|[^0-9])0+([0-9])', '\1\2', 'g')) stored,
    low_at integer check (low_at >= 0)
);
create index sku_skeleton on sku (skeleton);
create index sku_category on sku (category_id) where category_id is not null;

create table sku_barcode (
    barcode text primary key,
    sku_id integer not null references sku (id)
);
create index sku_barcode_sku on sku_barcode (sku_id);

create table sku_event (
    seq bigint generated always as identity primary key,
    sku_id integer not null,
    code text not null,
    version integer not null,
    at timestamptz not null,
    by text not null,
    changes jsonb not null,
    xid xid8 not null default pg_current_xact_id()
);
create index sku_event_sku on sku_event (sku_id, seq);

create table sku_unit (
    sku_id integer not null references sku (id),
    unit text not null,
    factor integer not null check (factor > 0),
    primary key (sku_id, unit)
);

create table sku_component (
    bundle_id integer not null references sku (id),
    component_id integer not null references sku (id),
    quantity integer not null check (quantity > 0),
    primary key (bundle_id, component_id),
    check (bundle_id <> component_id)
);

create table sku_alias (
    account_id smallint references account (id),
    alias text not null,
    sku_id integer not null references sku (id),
    factor integer not null default 1 check (factor > 0),
    listing jsonb not null default '{}',
    is_published boolean not null default true,
    unique nulls not distinct (account_id, alias)
);
create index sku_alias_alias on sku_alias (alias);

create table channel_listing (
    account_id smallint not null references account (id),
    sku_external text not null,
    state text not null check (state in ('looking', 'listed', 'absent')),
    ids jsonb not null default '{}',
    looked_at timestamptz not null,
    primary key (account_id, sku_external)
);

create table warehouse (
    id smallint generated always as identity primary key,
    code text not null unique,
    name text not null,
    country text not null default 'CN',
    province text not null default '',
    account_id smallint references account (id),
    priority smallint not null default 0,
    daily_capacity integer not null default 1000000 check (daily_capacity >= 0),
    serves text[] not null default '{}',
    is_active boolean not null default true,
    kind text not null default 'own' check (kind in ('own', 'third_party', 'transit', 'consignee', 'shop')),
    city text not null default '',
    is_floor boolean not null default false,
    check (kind <> 'transit' or not is_active),
    constraint warehouse_floor_is_ours check (not is_floor or account_id is null)
);
create unique index warehouse_transit on warehouse (kind) where kind = 'transit';

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
