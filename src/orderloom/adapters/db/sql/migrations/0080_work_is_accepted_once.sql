-- Who answered first that they pick a piece of work, in which wave of theirs, and when.
alter table work add column accepted_by text not null default '', add column wave text not null default '',
    add column accepted_at timestamptz;
