-- One deadline, SKU or order whose turn fails is set aside and tried again later, while all others go on.
alter table deadline add column tries smallint not null default 0;
alter table deadline add column again_at timestamptz;
drop index deadline_due;
create index deadline_due on deadline ((coalesce(again_at, due_at))) where state = 'pending';

create table publish_aside (
    stream text not null check (stream in ('events', 'stock')),
    subject text not null,
    from_xid xid8 not null,
    tries smallint not null,
    again_at timestamptz not null,
    primary key (stream, subject)
);
