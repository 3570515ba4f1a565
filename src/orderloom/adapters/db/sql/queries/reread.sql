-- name: owe - to be read again, each once however often it was hinted at; one that is being read now is read once more
insert into reread (account_id, what, external_id, owed_since, due_at)
select account, what, id, min(at), min(at)
from unnest(%(account)s::smallint[], %(what)s::text[], %(id)s::text[], %(times)s::timestamptz[]) as u (account, what, id, at)
group by account, what, id order by account, what collate "C", id collate "C"
on conflict (account_id, what, external_id) do update set hints = reread.hints + 1,
    due_at = least(reread.due_at, excluded.due_at);

-- name: take - lease what is due, but for accounts that this process is busy with. What is due or leased later than ever
-- was so by a clock that ran ahead
update reread r set lease_until = %(lease_until)s
from (
    select q.account_id, q.what, q.external_id from reread q join account a on a.id = q.account_id and a.is_active
    where (q.due_at <= %(at)s or q.due_at > %(due_latest)s) and q.account_id <> all (%(busy)s::smallint[])
        and (q.lease_until is null or q.lease_until < %(at)s or q.lease_until > %(lease_latest)s)
    order by q.due_at limit %(limit)s for update of q skip locked
) t
where r.account_id = t.account_id and r.what = t.what and r.external_id = t.external_id
returning r.account_id, r.what, r.external_id, r.hints, r.failures, r.owed_since;

-- name: done - they were read; those hinted at meanwhile are read once more
with ended as (
    select * from unnest(%(id)s::text[], %(hints)s::bigint[]) as u (id, hints)
), gone as (
    delete from reread r using ended e
    where r.account_id = %(account)s and r.what = %(what)s and r.external_id = e.id and r.hints = e.hints
)
update reread r set lease_until = null, failures = 0, last_error = '', due_at = %(at)s, owed_since = %(at)s
from ended e where r.account_id = %(account)s and r.what = %(what)s and r.external_id = e.id and r.hints <> e.hints;

-- name: failed - they could not be read, and are asked for again then
update reread set lease_until = null, failures = failures + 1, last_error = %(error)s, due_at = u.due_at
from unnest(%(id)s::text[], %(due_at)s::timestamptz[]) as u (id, due_at)
where account_id = %(account)s and what = %(what)s and external_id = u.id;

-- name: extend - still being read
update reread set lease_until = %(lease_until)s
where account_id = %(account)s and what = %(what)s and external_id = any (%(id)s);
