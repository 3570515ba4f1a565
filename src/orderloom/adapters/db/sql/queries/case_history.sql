-- name: lock - what the case says now; nobody adds a member or changes it meanwhile
select kind, subject, owner, is_group, resolved_at, resolved_by, resolution, taken_by, person
from case_file where id = %(id)s::uuid for update;

-- name: role_of
select role from app_user where name = %(person)s and is_active;

-- name: assign
update case_file set owner = %(owner)s, person = %(person)s where id = %(id)s::uuid;

-- name: snooze
insert into case_snooze (person, case_id, until) values (%(person)s, %(id)s::uuid, %(until)s)
on conflict (person, case_id) do update set until = excluded.until;

-- name: wake
delete from case_snooze where person = %(person)s and case_id = %(id)s::uuid;

-- name: take - a user's, not a program's, becomes the person who has it
update case_file set taken_at = %(at)s, taken_by = %(by)s,
    person = case when %(by)s like 'user:%%' then substr(%(by)s, 6) else person end
where id = %(id)s::uuid;

-- name: resolve_members
update case_member set resolved_at = %(at)s, resolved_by = %(by)s where case_id = %(id)s::uuid and resolved_at is null;

-- name: resolve
update case_file set resolved_at = %(at)s, resolved_by = %(by)s, resolution = %(resolution)s where id = %(id)s::uuid;

-- name: reopen - unless the same anomaly has a newer case that is open
update case_file c set resolved_at = null, resolved_by = null, resolution = null, told_at = null, taken_at = null,
    taken_by = null
where c.id = %(id)s::uuid and not exists (
    select from case_file o where o.kind = c.kind and o.subject = c.subject and o.resolved_at is null
);

-- name: reopen_members - those that were closed with their group
update case_member set resolved_at = null, resolved_by = null
where case_id = %(id)s::uuid and resolved_at = %(closed_at)s and resolved_by = %(closed_by)s;

-- name: write
insert into case_event (case_id, at, by, kind, detail) values (%(id)s::uuid, %(at)s, %(by)s, %(kind)s, %(detail)s::jsonb);
