-- Stock documents with their lines, goods in transit in a warehouse of their own, and two more ways for goods to go.
alter table warehouse add column kind text not null default 'own'
    check (kind in ('own', 'third_party', 'transit', 'consignee', 'shop'));
alter table warehouse add check (kind <> 'transit' or not is_active);
create unique index warehouse_transit on warehouse (kind) where kind = 'transit';

alter table stock_movement drop constraint stock_movement_kind_check;
alter table stock_movement add constraint stock_movement_kind_check check (kind in
    ('reserve', 'allocate', 'release', 'ship', 'receive', 'adjust', 'stocktake', 'return', 'protect', 'freeze', 'thaw',
     'transfer_out', 'transfer_in', 'set_aside', 'give_back', 'lost', 'scrap'));

create table stock_document (
    id uuid primary key,
    number text not null unique,
    kind text not null check (kind in ('receipt', 'count', 'adjustment', 'transfer', 'return_to_stock', 'scrap')),
    state text not null check (state in ('draft', 'counting', 'waiting_approval', 'posting', 'posted', 'refused',
        'cancelled')),
    maker text not null,
    reason text not null,
    to_id smallint references warehouse (id),
    units bigint not null,
    amount bigint not null,
    currency text not null,
    held_for text[] not null default '{}',
    why text not null,
    judge text not null,
    answer text not null,
    line_count integer not null check (line_count >= 0),
    opened_at timestamptz not null,
    changed_at timestamptz not null,
    began_at timestamptz,
    arrivals integer not null check (arrivals >= 0)
) with (fillfactor = 90);
create index stock_document_state on stock_document (state, id);
create index stock_document_kind on stock_document (kind, id);

create table stock_document_line (
    document_id uuid not null references stock_document (id),
    line_no smallint not null,
    sku_id integer not null references sku (id),
    warehouse_id smallint not null references warehouse (id),
    to_id smallint references warehouse (id),
    quantity integer not null,
    is_frozen boolean not null,
    frozen integer not null check (frozen >= 0),
    counts jsonb not null default '[]',
    received integer not null check (received >= 0),
    found integer not null check (found >= 0),
    lost integer not null check (lost >= 0),
    primary key (document_id, line_no),
    check (received + lost <= greatest(quantity, 0))
) with (fillfactor = 90);
create index stock_document_line_sku on stock_document_line (sku_id, document_id);
create index stock_document_line_warehouse on stock_document_line (warehouse_id, document_id);
