-- Who brings which goods on which terms, and what was ordered of them (tickets as their events leave them).

create table supplier (
    id integer generated always as identity primary key,
    code text not null unique,
    name text not null,
    lead_days smallint not null,
    is_active boolean not null default true,
    constraint supplier_lead_days check (lead_days between 0 and 365)
);

-- A SKU that a supplier brings: quantities in base units, cost of one of them in minor units; lower priority first.
create table supply (
    supplier_id integer not null references supplier (id),
    sku_id integer not null references sku (id),
    minimum integer not null default 1,
    pack integer not null default 1,
    cost bigint,
    cost_currency text not null default '',
    priority smallint not null default 0,
    is_active boolean not null default true,
    primary key (sku_id, supplier_id),
    constraint supply_quantities check (minimum > 0 and pack > 0),
    constraint supply_cost check (cost >= 0)
);
create index supply_supplier on supply (supplier_id, sku_id);

create table purchase_ticket (
    id uuid primary key,
    number text not null unique,
    state text not null check (state in ('draft', 'ordered', 'in_transit', 'received', 'cancelled')),
    supplier_id integer not null references supplier (id),
    warehouse_id smallint not null references warehouse (id),
    maker text not null,
    reason text not null,
    currency text not null,
    amount bigint not null check (amount >= 0),
    promised_on date,
    promised_first date,
    ordered_at timestamptz,
    shipped_at timestamptz,
    waybill text not null,
    receipts integer not null check (receipts >= 0),
    answer text not null,
    line_count integer not null check (line_count > 0),
    opened_at timestamptz not null,
    changed_at timestamptz not null
) with (fillfactor = 90);
create index purchase_ticket_state on purchase_ticket (state, id);
create index purchase_ticket_supplier on purchase_ticket (supplier_id, id);

create table purchase_line (
    ticket_id uuid not null references purchase_ticket (id),
    line_no smallint not null,
    sku_id integer not null references sku (id),
    supplier_id integer not null references supplier (id),
    warehouse_id smallint not null references warehouse (id),
    quantity integer not null check (quantity > 0),
    cost bigint not null check (cost >= 0),
    received integer not null check (received >= 0),
    found bigint not null check (found >= 0),
    cancelled integer not null check (cancelled >= 0),
    primary key (ticket_id, line_no),
    constraint purchase_line_counters check (received + cancelled <= quantity)
) with (fillfactor = 90);
create index purchase_line_sku on purchase_line (sku_id, ticket_id);
