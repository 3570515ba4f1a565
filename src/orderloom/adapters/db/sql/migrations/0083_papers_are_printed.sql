-- Printers and what they are to print: leased by an agent, and never printed twice by itself.
create table printer (
    id smallint generated always as identity primary key,
    name text not null unique,
    warehouse_id smallint not null,
    station text not null default '',
    form text not null check (form in ('zpl', 'zpl_hex', 'pdf', 'png')),
    size text not null,
    is_automatic boolean not null default false,
    is_active boolean not null default true,
    asked_at timestamptz
);
create unique index printer_of_station on printer (warehouse_id, station) where is_automatic and is_active;

create table print_job (
    id bigint generated always as identity primary key,
    printer_id smallint not null references printer (id),
    warehouse_id smallint not null,
    order_id uuid,
    paper text not null check (paper in ('label', 'slip', 'pick_list', 'wave_sheet', 'code_labels')),
    about text[] not null,
    size text not null,
    state text not null check (state in ('queued', 'leased', 'printed', 'failed', 'unknown', 'cancelled')),
    lease uuid,
    lease_until timestamptz,
    reprint_of bigint,
    reason text not null default '',
    error text not null default '',
    made_by text not null,
    made_at timestamptz not null,
    taken_at timestamptz,
    ended_at timestamptz,
    ended_by text not null default ''
);
create index print_job_open on print_job (printer_id, id) where state in ('queued', 'leased', 'unknown');
create index print_job_ended on print_job (ended_at) where ended_at is not null;
create unique index print_job_lease on print_job (lease) where lease is not null;
alter table label add column station text not null default '';
