-- A mass fault is one case: over a bound the open cases of one kind and cause become one, with its subjects as members.
alter table case_file add column cause text not null default '';
alter table case_file add column is_group boolean not null default false;
create index case_cause on case_file (kind, cause) where resolved_at is null;

create table case_member (
    case_id uuid not null references case_file (id),
    subject text not null,
    order_id uuid,
    seen_at timestamptz not null,
    resolved_at timestamptz,
    resolved_by text,
    primary key (case_id, subject)
);
create index case_member_open on case_member (case_id) where resolved_at is null;
create index case_member_order on case_member (order_id) where order_id is not null;
