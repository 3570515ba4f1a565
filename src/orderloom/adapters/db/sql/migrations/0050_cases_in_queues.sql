-- A case is given to a person of its role, commented on, and put off in one person's own queue; a message that waits
-- says what money its orders are about.
alter table case_file add column person text;
update case_file set person = substr(taken_by, 6) where taken_by like 'user:%';
alter table case_event drop constraint case_event_kind_check;
alter table case_event add constraint case_event_kind_check check (
    kind in ('assigned', 'resolved', 'reopened', 'taken', 'commented', 'mended'));
create index case_due on case_file (due_at, id) where resolved_at is null;
create index case_ended on case_file (resolved_at) where resolved_at is not null;
create table case_snooze (
    person text not null,
    case_id uuid not null references case_file (id),
    until timestamptz not null,
    primary key (person, case_id)
);
alter table intake add column stake bigint;
alter table intake add column currency text;
