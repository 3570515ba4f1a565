-- People who sign in at another system: known by who they are there, and without a password here.
alter table app_user add column issuer text not null default '';
alter table app_user add column subject text not null default '';
create unique index app_user_subject on app_user (issuer, subject) where subject <> '';
