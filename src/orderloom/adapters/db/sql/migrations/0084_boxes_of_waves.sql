-- A work's box is closed by its last right scan, and found by the number that is on it.
alter table wave_work add is_boxed boolean not null default false;
create index wave_work_number on wave_work (number);
