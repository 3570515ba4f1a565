-- What is known of goods beside their code: groups, measures, barcodes, cost, and who changed what of it.
create table category (
    id integer generated always as identity primary key,
    parent_id integer references category (id),
    name text not null,
    name_en text not null default '',
    position integer not null default 0,
    unique nulls not distinct (parent_id, name)
);

alter table sku
    add column name_en text not null default '',
    add column category_id integer references category (id),
    add column goods_class text not null default '',
    add column tax_class text not null default '',
    add column cost bigint check (cost >= 0),
    add column cost_currency text not null default '',
    add column weight_g integer not null default 0 check (weight_g >= 0),
    add column length_mm integer not null default 0 check (length_mm >= 0),
    add column width_mm integer not null default 0 check (width_mm >= 0),
    add column height_mm integer not null default 0 check (height_mm >= 0),
    add column has_lots boolean not null default false,
    add column has_serials boolean not null default false,
    add column shelf_life_days integer not null default 0 check (shelf_life_days >= 0),
    add column picture text not null default '',
    add column is_apart boolean not null default false,
    add column version integer not null default 1,
    add column skeleton text generated always as (regexp_replace(
        translate(lower(normalize(code, NFKC)), 'oil| -_./\+·~‐‑‒–—―−', '0111'), '(^|[^0-9])0+([0-9])', '\1\2', 'g')) stored;
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
create trigger sku_event_is_append_only before update or delete or truncate on sku_event
    for each statement execute function refuse_change();
