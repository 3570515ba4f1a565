-- The platforms' own ids of what is on sale there, looked up by the seller's code: stock cannot be told without them.
create table channel_listing (
    account_id smallint not null references account (id),
    sku_external text not null,
    state text not null check (state in ('looking', 'listed', 'absent')),
    ids jsonb not null default '{}',
    looked_at timestamptz not null,
    primary key (account_id, sku_external)
);
