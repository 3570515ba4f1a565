-- An account that is only watched: it is read, and nothing is sent to it or made of what it says.
alter table account add column is_watching boolean not null default false;

-- When its credentials were last changed; null: with the account.
alter table account add column credentials_at timestamptz;

-- Since when a platform cannot be read.
alter table pull_cursor add column failing_since timestamptz;

-- Which edited mapping read a message; null: the connector's own.
alter table intake add column mapping text;

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
