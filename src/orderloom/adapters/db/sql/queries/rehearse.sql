-- name: checks - the checks of some tables, as expressions over their columns
select r.relname::text, c.conname::text, pg_get_expr(c.conbin, c.conrelid),
    array(select a.attname::text from pg_attribute a where a.attrelid = c.conrelid and a.attnum = any (c.conkey))
from pg_constraint c join pg_class r on r.oid = c.conrelid
where c.contype = 'c' and r.relname = any (%(tables)s) and r.relnamespace = current_schema()::regnamespace
order by 1, 2;
