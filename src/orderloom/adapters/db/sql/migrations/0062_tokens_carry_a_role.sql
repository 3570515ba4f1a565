-- A program's token may carry a role, by which its fields are hidden, and limits of its rows.
alter table api_token add column role text not null default '', add column limits jsonb not null default '{}';
