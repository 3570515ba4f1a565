alter table app_user add column is_active boolean not null default true;
