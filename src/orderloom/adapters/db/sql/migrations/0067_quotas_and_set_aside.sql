-- What open quotas keep of a level, and the quotas: rights to the front of the queue, never units.
-- `free` is said once, by the database itself.

alter table stock_level add column set_aside integer not null default 0 check (set_aside >= 0);
alter table stock_level add column free integer not null
    generated always as (on_hand - reserved - allocated - set_aside - safety - frozen) stored;

alter table stock_movement add column set_aside integer not null default 0;
alter table stock_movement drop constraint stock_movement_kind_check;
alter table stock_movement add constraint stock_movement_kind_check check (kind in
    ('reserve', 'allocate', 'release', 'ship', 'receive', 'adjust', 'stocktake', 'return', 'protect', 'freeze', 'thaw',
     'transfer_out', 'transfer_in', 'set_aside', 'give_back'));

create table stock_quota (
    id uuid primary key,
    number text not null unique,
    sku_id integer not null references sku (id),
    warehouse_id smallint not null references warehouse (id),
    account_id smallint references account (id),
    campaign text not null default '',
    customer text not null default '',
    quantity integer not null check (quantity >= 0),
    kept integer not null default 0 check (kept >= 0),
    drawn integer not null default 0 check (drawn >= 0),
    draw_order smallint not null,
    may_fall_through boolean not null,
    starts_at timestamptz not null,
    ends_at timestamptz check (ends_at > starts_at),
    state text not null check (state in ('planned', 'open', 'closed')),
    check (kept + drawn <= quantity),
    check (state = 'open' or kept = 0),
    check (account_id is not null or campaign <> '' or customer <> '')
);
create index stock_quota_open on stock_quota (sku_id, warehouse_id) where state = 'open';
create index stock_quota_starts on stock_quota (starts_at) where state = 'planned';
create index stock_quota_ends on stock_quota (ends_at) where state = 'open' and ends_at is not null;

alter table stock_hold add column quota_id uuid;
create index stock_hold_quota on stock_hold (quota_id) where quota_id is not null;
