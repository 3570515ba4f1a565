-- Whose goods each version of the directory changed, so that processes forget those and no others; null: any may have.
create table directory_change (
    version bigint primary key,
    skus integer[],
    spellings text[]
);

-- A batch asks what a text means, whoever writes it.
create index sku_alias_alias on sku_alias (alias);
