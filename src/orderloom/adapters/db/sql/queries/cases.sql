-- name: resolve - close cases that were put right, and members of groups: a row each, with the group that may be empty now
with d as (
    select * from jsonb_to_recordset(%(resolved)s::jsonb) as d (kind text, subject text)
), alone as (
    update case_file c set resolved_at = %(at)s, resolved_by = %(by)s, resolution = %(how)s
    from d where c.kind = d.kind and c.subject = d.subject and c.resolved_at is null and not c.is_group
    returning c.id
), members as (
    update case_member m set resolved_at = %(at)s, resolved_by = %(by)s
    from d join case_file g on g.kind = d.kind and g.is_group and g.resolved_at is null
    where m.case_id = g.id and m.subject = d.subject and m.resolved_at is null
    returning m.case_id
)
select null::text from alone union all select case_id::text from members;

-- name: empty - which of these groups (none given: of all) have no open member left
select g.id::text from case_file g
where g.is_group and g.resolved_at is null and (%(ids)s::uuid[] is null or g.id = any (%(ids)s::uuid[]))
    and not exists (select from case_member m where m.case_id = g.id and m.resolved_at is null);

-- name: lock_groups - wait for those who are adding members to them
select from case_file where id = any (%(ids)s::uuid[]) order by id for update;

-- name: close_groups - asked again now that nobody can add
update case_file g set resolved_at = %(at)s, resolved_by = %(by)s, resolution = %(how)s
where g.id = any (%(ids)s::uuid[]) and g.resolved_at is null
    and not exists (select from case_member m where m.case_id = g.id and m.resolved_at is null);

-- name: crowds - for each kind and cause: its open group, kept open until we end, or how many others than these subjects
-- stand alone (up to the bound)
select k.kind, k.cause, g.id::text, (
    select count(*) from (
        select from case_file c
        where c.kind = k.kind and c.cause = k.cause and c.resolved_at is null and not c.is_group
            and not k.subjects ? c.subject
        limit k.bound + 1
    ) x
)
from jsonb_to_recordset(%(crowds)s::jsonb) as k (kind text, cause text, bound integer, subjects jsonb)
left join lateral (
    select id from case_file c
    where c.kind = k.kind and c.cause = k.cause and c.is_group and c.resolved_at is null for share
) g on true;

-- name: open - open cases, or see the open ones again
insert into case_file (id, kind, subject, order_id, account_id, evidence, owner, opened_at, due_at, seen_at, cause)
select d.id, d.kind, d.subject, d.order_id, d.account_id, d.evidence, d.owner, %(at)s, d.due_at, %(at)s, d.cause
from jsonb_to_recordset(%(cases)s::jsonb) as d (id uuid, kind text, subject text, order_id uuid, account_id smallint,
    evidence jsonb, owner text, due_at timestamptz, cause text)
order by d.kind, d.subject
on conflict (kind, subject) where resolved_at is null
do update set sightings = case_file.sightings + 1, seen_at = excluded.seen_at, evidence = excluded.evidence;

-- name: open_groups - one case for all of a kind and cause; another worker may be first
insert into case_file (id, kind, subject, account_id, evidence, owner, opened_at, due_at, seen_at, cause, is_group)
select d.id, d.kind, '* ' || d.cause, d.account_id, d.evidence, d.owner, %(at)s, d.due_at, %(at)s, d.cause, true
from jsonb_to_recordset(%(groups)s::jsonb) as d (id uuid, kind text, account_id smallint, evidence jsonb, owner text,
    due_at timestamptz, cause text)
order by d.kind, d.cause
on conflict (kind, subject) where resolved_at is null do update set seen_at = excluded.seen_at
returning id::text, kind, cause;

-- name: join_group - those that stood alone become members; what they said stays readable in their closed files
with alone as (
    select c.id, c.subject, c.order_id, c.opened_at from case_file c
    where c.kind = %(kind)s and c.cause = %(cause)s and c.resolved_at is null and not c.is_group
    order by c.subject limit %(limit)s for update
), closed as (
    update case_file c set resolved_at = %(at)s, resolved_by = 'system', resolution = %(how)s
    from alone a where c.id = a.id
)
insert into case_member (case_id, subject, order_id, seen_at)
select %(group)s::uuid, subject, order_id, opened_at from alone
on conflict (case_id, subject) do update set resolved_at = null, resolved_by = null;

-- name: members - one narrow row each, and none when it is a member already
insert into case_member (case_id, subject, order_id, seen_at)
select d.case_id, d.subject, d.order_id, %(at)s
from jsonb_to_recordset(%(members)s::jsonb) as d (case_id uuid, kind text, subject text, order_id uuid)
where not exists (
    select from case_file c where c.kind = d.kind and c.subject = d.subject and c.resolved_at is null
)
order by d.case_id, d.subject
on conflict (case_id, subject) do update set resolved_at = null, resolved_by = null, seen_at = excluded.seen_at
where case_member.resolved_at is not null;

-- name: closed_by_hand - a case that was closed by somebody else than who watches over it, and is not open again
select from case_file c where c.kind = %(kind)s and c.subject = %(subject)s and c.resolved_by not in (%(opener)s, 'system')
    and not exists (
        select from case_file o where o.kind = c.kind and o.subject = c.subject and o.resolved_at is null)
limit 1;

-- name: of_spool - subjects of open cases about what lies on this machine's disk
select subject from case_file
where resolved_at is null and subject like 'spool:%%' and (subject = %(waiting)s or evidence ->> 'machine' = %(machine)s);
