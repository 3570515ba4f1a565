-- name: add - a backup or drill that was done
insert into backup_run (id, kind, began_at, ended_at, is_good, bytes, place, detail, by)
values (%(id)s::uuid, %(kind)s, %(began_at)s, %(ended_at)s, %(is_good)s, %(bytes)s, %(place)s, %(detail)s, %(by)s);
