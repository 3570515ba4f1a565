-- name: take - claim deadlines that are due, or whose next try is; other workers pass over them
select subject_kind, subject_id::text, kind, of, due_at, blueprint, catch_up, tries
from deadline where state = 'pending' and coalesce(again_at, due_at) <= %(at)s
order by coalesce(again_at, due_at)
limit %(limit)s
for update skip locked;

-- name: take_only - claim these, when they still wait (the state asked so that the key leads, not all that waits)
select d.subject_kind, d.subject_id::text, d.kind, d.of, d.due_at, d.blueprint, d.catch_up, d.tries
from deadline d
join unnest(%(subject_kind)s::text[], %(subject_id)s::uuid[], %(kind)s::text[], %(of)s::text[],
    %(due_at)s::timestamptz[], %(blueprint)s::integer[])
    as f (subject_kind, subject_id, kind, of, due_at, blueprint)
    using (subject_kind, subject_id, kind, of, due_at, blueprint)
where d.state || '' = 'pending'
order by d.due_at, d.subject_id
for update of d skip locked;

-- name: set_aside - one that failed alone is tried again later; the others do not wait for it
update deadline set tries = tries + 1, again_at = %(again_at)s
where subject_kind = %(subject_kind)s and subject_id = %(subject_id)s::uuid and kind = %(kind)s and of = %(of)s
    and due_at = %(due_at)s and blueprint = %(blueprint)s;

-- name: finish - each is finished in the transaction that acted on it
update deadline d
set state = f.state, fired_at = %(at)s
from unnest(%(subject_kind)s::text[], %(subject_id)s::uuid[], %(kind)s::text[], %(of)s::text[],
    %(due_at)s::timestamptz[], %(blueprint)s::integer[], %(state)s::text[])
    as f (subject_kind, subject_id, kind, of, due_at, blueprint, state)
where d.subject_kind = f.subject_kind and d.subject_id = f.subject_id and d.kind = f.kind and d.of = f.of
    and d.due_at = f.due_at and d.blueprint = f.blueprint;
