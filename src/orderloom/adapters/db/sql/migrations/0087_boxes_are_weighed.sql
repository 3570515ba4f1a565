-- A box is weighed, and packed into a material that is counted.
create table packing_material (
    id integer generated always as identity primary key,
    code text not null unique check (code <> ''),
    name text not null default '',
    length_mm integer not null default 0 check (length_mm >= 0),
    width_mm integer not null default 0 check (width_mm >= 0),
    height_mm integer not null default 0 check (height_mm >= 0),
    weight_g integer not null default 0 check (weight_g >= 0),
    cost bigint not null default 0 check (cost >= 0),
    currency text not null,
    is_active boolean not null default true
);
alter table wave_work add weight_g integer not null default 0 check (weight_g >= 0);
alter table wave_work add material text not null default '';
create index wave_work_material on wave_work (material) where material <> '';
alter table scan drop constraint scan_action_check;
alter table scan add constraint scan_action_check
    check (action in ('picked', 'packed', 'out', 'put_away', 'short', 'weighed', 'packed_in'));
