-- Background work as it stands, newest first.

-- name: jobs
select id::text, kind, by, state, total, done, refused, created_at, started_at, ended_at, why_zh, why_en,
    file_name, file_bytes, file_until
from job where {where} order by id desc limit %(limit)s

-- name: file_maker - with whose rights the file was made, and whether personal data is clear in it
select caller::text, kind = 'export_orders' and asked ->> 'reason' <> '' from job where id = %(id)s::uuid

-- name: rows
select row_no, ref, result, code, facts from job_row
where job_id = %(id)s::uuid and row_no > %(after)s and (%(result)s = '' or result = %(result)s)
order by row_no limit %(limit)s
