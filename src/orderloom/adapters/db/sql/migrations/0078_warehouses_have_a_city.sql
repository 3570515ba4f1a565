-- Where in its province a warehouse is: distances are between cities.
alter table warehouse add column city text not null default '';
