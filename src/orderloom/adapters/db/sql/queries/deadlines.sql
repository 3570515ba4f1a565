-- name: take - claim deadlines that are due; other workers pass over them
select order_id::text, kind, subject, due_at, blueprint, catch_up
from deadline where state = 'pending' and due_at <= %(at)s
order by due_at
limit %(limit)s
for update skip locked;

-- name: finish - each is finished in the transaction that acted on it
update deadline d
set state = f.state, fired_at = %(at)s
from unnest(%(order_id)s::uuid[], %(kind)s::text[], %(subject)s::text[], %(due_at)s::timestamptz[],
    %(blueprint)s::integer[], %(state)s::text[]) as f (order_id, kind, subject, due_at, blueprint, state)
where d.order_id = f.order_id and d.kind = f.kind and d.subject = f.subject and d.due_at = f.due_at
    and d.blueprint = f.blueprint;
