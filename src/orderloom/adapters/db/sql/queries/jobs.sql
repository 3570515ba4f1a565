-- name: add - the caller's job with this key when there is one
insert into job (id, kind, by, caller, asked, total, key, created_at)
values (%(id)s::uuid, %(kind)s, %(by)s, %(caller)s::jsonb, %(asked)s::jsonb, %(total)s, %(key)s, %(at)s)
on conflict (by, key) where key <> '' do update set key = excluded.key
returning id::text, kind, asked = %(asked)s::jsonb;

-- name: take - the oldest that nobody works at
update job set state = 'running', started_at = coalesce(started_at, %(at)s), lease_until = %(until)s, tries = tries + 1
where id = (
    select id from job
    where state in ('waiting', 'running') and (lease_until is null or lease_until < %(at)s) and kind = any (%(kinds)s)
    order by id limit 1 for update skip locked)
returning id::text, kind, caller::text, asked::text, place::text, total, done, created_at, tries;

-- name: keep
update job set place = %(place)s::jsonb, caller = %(caller)s::jsonb, total = coalesce(%(total)s, total), done = done + %(done)s,
    refused = refused + %(refused)s, tries = 0, lease_until = null,
    state = case when %(over)s then 'done' else state end, ended_at = case when %(over)s then %(at)s end,
    why_zh = %(zh)s, why_en = %(en)s, file_name = %(file)s, file_bytes = %(bytes)s,
    file_until = case when %(file)s <> '' then %(file_until)s::timestamptz end
where id = %(id)s::uuid and state = 'running'
returning done - %(done)s;

-- name: rows
insert into job_row (job_id, row_no, ref, result, code, facts)
select %(id)s::uuid, %(from)s + no, ref, result, code, facts::jsonb
from unnest(%(ref)s::text[], %(result)s::text[], %(code)s::text[], %(facts)s::text[])
    with ordinality as t (ref, result, code, facts, no)
on conflict do nothing;

-- name: extend - a step that goes on: its lease, and how far it is
update job set lease_until = %(until)s, done = %(done)s, total = %(total)s where id = %(id)s::uuid and state = 'running'
returning 1;

-- name: rest
update job set lease_until = null where id = %(id)s::uuid and state = 'running';

-- name: fail
update job set state = 'failed', ended_at = %(at)s, lease_until = null, why_zh = %(zh)s, why_en = %(en)s
where id = %(id)s::uuid and state = 'running';

-- name: cancel
update job set state = 'cancelled', ended_at = %(at)s, lease_until = null
where id = %(id)s::uuid and state in ('waiting', 'running') returning 1;

-- name: outdated
update job set file_until = null where file_until < %(at)s returning id::text;

-- name: with_files
select id::text, file_bytes from job where file_until is not null order by id;

-- name: drop_file
update job set file_until = null where id = %(id)s::uuid;

-- name: forget - jobs themselves, with their rows
delete from job where id in (
    select id from job where ended_at < %(before)s and file_until is null order by id limit 500);
