-- People sign in with a browser: a login says from where it was made, and what its user prefers follows them.
alter table api_token add column address text not null default '';
alter table api_token add column device text not null default '';
alter table app_user add column preferences jsonb not null default '{}';
