-- Backups and drills that were noted.

-- name: size
select pg_database_size(current_database())

-- name: runs
select id::text, kind, began_at, ended_at, is_good, bytes, place, detail, by from backup_run
order by ended_at desc, id desc limit %(limit)s

-- name: last_good
select distinct on (kind) id::text, kind, began_at, ended_at, is_good, bytes, place, detail, by from backup_run
where is_good order by kind, ended_at desc
