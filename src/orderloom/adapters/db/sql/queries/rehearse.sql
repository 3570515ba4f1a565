-- name: checks - the checks of some tables, as expressions over their columns
select r.relname::text, c.conname::text, pg_get_expr(c.conbin, c.conrelid),
    array(select a.attname::text from pg_attribute a where a.attrelid = c.conrelid and a.attnum = any (c.conkey))
from pg_constraint c join pg_class r on r.oid = c.conrelid
where c.contype = 'c' and r.relname = any (%(tables)s) and r.relnamespace = current_schema()::regnamespace
order by 1, 2;

-- name: keys - the unique keys of some tables over plain columns, with the condition of those that have one; a primary
-- key is made anew for every row, so it is only asked for by its name
select r.relname::text, k.relname::text, coalesce(pg_get_expr(i.indpred, i.indrelid), 'true'),
    array(select a.attname::text from unnest(i.indkey) with ordinality as c (number, place)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = c.number order by c.place)
from pg_index i join pg_class r on r.oid = i.indrelid join pg_class k on k.oid = i.indexrelid
where i.indisunique and i.indexprs is null and (not i.indisprimary or k.relname = %(broken)s) and r.relname = any (%(tables)s)
    and r.relnamespace = current_schema()::regnamespace
order by 1, 2;
