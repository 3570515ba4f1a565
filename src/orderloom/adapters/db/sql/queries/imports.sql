-- name: begin
insert into file_import (id, account_id, file, digest, bytes, by, begun_at, seen_at, options, message_id)
values (gen_random_uuid(), %(account)s, %(file)s, %(digest)s, %(bytes)s, %(by)s, %(at)s, %(at)s, %(options)s,
    %(message)s::uuid)
returning id::text;

-- name: note - how far it is; figures only grow, so that a writer that comes late takes nothing back
update file_import
set seen_at = greatest(seen_at, %(at)s), ended_at = coalesce(%(ended_at)s, ended_at),
    encoding = %(encoding)s, rows = greatest(rows, %(rows)s), rows_failed = greatest(rows_failed, %(rows_failed)s),
    items = greatest(items, %(items)s), items_known = greatest(items_known, %(items_known)s), refused = %(refused)s
where id = %(id)s::uuid;

-- name: message_of
select id::text from message where account_id = %(account)s and event_id = %(event)s;

-- name: known
select event_id from message where account_id = %(account)s and event_id = any (%(events)s);

-- name: file_of
select file from file_import where id = %(id)s::uuid;

-- name: failed - what of an import's file waits, in the order in which it landed, which is that of its rows
select m.body_cipher, m.headers, i.detail
from file_import f join message m on m.parent_id = f.message_id join intake i on i.message_id = m.id
where f.id = %(id)s::uuid and i.outcome = 'parked'
order by m.id limit %(limit)s;
