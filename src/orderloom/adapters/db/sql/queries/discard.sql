-- name: of_case - parked messages that an open case, or a member of a group, is about
with about as (
    select c.kind, c.subject from case_file c where c.id = %(id)s::uuid and not c.is_group
    union all
    select g.kind, m.subject from case_file g join case_member m on m.case_id = g.id
    where g.id = %(id)s::uuid and g.is_group and m.resolved_at is null
)
select i.message_id::text from intake i
join about a on a.kind = i.reason and a.subject = coalesce(nullif(i.park_key, ''), i.message_id::text)
where i.outcome = 'parked' order by i.message_id limit %(limit)s;

-- name: lock - as they stand; no worker takes them meanwhile
select message_id::text, outcome, reason, park_key from intake where message_id = any (%(ids)s::uuid[])
order by message_id for update;

-- name: put_away - reason and key stay: they say for what it was parked
with told as (
    insert into message_event (message_id, at, by, kind, reason)
    select id, %(at)s, %(by)s, 'discarded', %(reason)s from unnest(%(ids)s::uuid[]) as d (id)
)
update intake set outcome = 'discarded', processed_at = %(at)s where message_id = any (%(ids)s::uuid[]);

-- name: left - of these cases those whose message still waits, or another one under the same key
select d.kind, d.subject
from unnest(%(kinds)s::text[], %(subjects)s::text[]) as d (kind, subject)
where exists (select from intake i where i.outcome = 'parked' and i.park_key = d.subject and i.reason = d.kind)
    or exists (select from intake i where i.outcome = 'pending' and i.park_key = d.subject and i.reason = d.kind);

-- name: alone - which of these are parked; nobody else takes them out meanwhile
select i.message_id::text from message m join intake i on i.message_id = m.id
where (m.account_id, m.event_id) in (select * from unnest(%(accounts)s::smallint[], %(events)s::text[]))
    and i.outcome = 'parked'
order by i.message_id for update of i;

-- name: let_in - reason and key stay until it is through: a case that waits for it closes by them
with told as (
    insert into message_event (message_id, at, by, kind, reason) values (%(id)s::uuid, %(at)s, %(by)s, 'let_in', %(reason)s)
)
update intake set outcome = 'pending', lane = 1 where message_id = %(id)s::uuid;
