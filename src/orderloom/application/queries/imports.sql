-- name: imports - with how many of the file's orders ended how
select f.id::text, a.code, f.file, f.digest, f.bytes, f.by, f.begun_at, f.seen_at, f.ended_at, f.options, f.encoding,
    f.rows, f.rows_failed, f.items, f.items_known, f.refused, f.message_id::text,
    (select jsonb_object_agg(o.outcome, o.count) from (
        select i.outcome, count(*) from message m join intake i on i.message_id = m.id
        where m.parent_id = f.message_id group by i.outcome) o)
from file_import f join account a on a.id = f.account_id
where %(id)s::uuid is null or f.id = %(id)s::uuid
order by f.begun_at desc, f.id limit %(limit)s
