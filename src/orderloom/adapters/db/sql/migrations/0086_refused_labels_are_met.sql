-- A label that its carrier refused is met once: its work falls back to another service, or there is none.
alter table label add is_met boolean not null default false;
update label set is_met = true where state = 'refused';
create index label_refused on label (number) where state = 'refused' and not is_met;
