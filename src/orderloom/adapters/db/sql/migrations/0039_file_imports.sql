-- Imports of files: who took which file in, when, and how many of its rows came and cannot be read.
create table file_import (
    id uuid primary key,
    account_id smallint not null,
    file text not null,
    digest text not null,
    bytes bigint not null,
    by text not null,
    begun_at timestamptz not null,
    seen_at timestamptz not null,
    ended_at timestamptz,
    options text not null,
    encoding text not null default '',
    rows integer not null default 0,
    rows_failed integer not null default 0,
    items integer not null default 0,
    items_known integer not null default 0,
    refused text not null default '',
    message_id uuid
);
create index file_import_begun on file_import (begun_at);

-- What came of a file is found by the file: its error list, and how many of its orders are through.
create index message_parent on message (parent_id) where parent_id is not null;
