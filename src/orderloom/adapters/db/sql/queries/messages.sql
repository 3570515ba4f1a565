-- name: known - which of these deliveries were landed before
select account_id, event_id from message
where (account_id, event_id) in (select * from unnest(%(accounts)s::smallint[], %(events)s::text[]));

-- name: land - store vouchers, queue and count them; a delivery that was landed before is passed over. The bodies come
-- beside the rows, for jsonb ends at 256 MB; all sort by one key, so that two processes never wait for each other.
with given as (
    select * from rows from (
        jsonb_to_recordset(%(rows)s::jsonb) as (id uuid, account smallint, event text, topic text, at timestamptz,
            size integer, digest bytea, headers text, parent uuid, lane smallint, outcome text, reason text,
            hour timestamptz),
        unnest(%(bodies)b::bytea[])
    ) as g (id, account, event, topic, at, size, digest, headers, parent, lane, outcome, reason, hour, body)
), stored as (
    insert into message (id, account_id, event_id, topic, received_at, body_cipher, body_size, digest, headers,
        parent_id)
    select id, account, event, topic, at, body, size, digest, headers, parent from given
    order by account, event collate "C"
    on conflict (account_id, event_id) do nothing
    returning id
), queued as (
    insert into intake (message_id, account_id, lane, outcome, reason, landed_at)
    select g.id, g.account, g.lane, g.outcome, g.reason, g.at from given g join stored s on s.id = g.id
), counted as (
    insert into tally (account_id, hour, measure, quantity)
    select g.account, g.hour, case when s.id is null then 'duplicates' else 'received' end, count(*)
    from given g left join stored s on s.id = g.id where g.outcome <> 'split' group by 1, 2, 3
)
select id::text from stored;

-- name: pushed - when platforms last pushed something genuine
insert into account_sign (account_id, pushed_at)
select * from unnest(%(account)s::smallint[], %(pushed_at)s::timestamptz[]) as u (account, pushed_at) order by account
on conflict (account_id) do update set pushed_at = greatest(account_sign.pushed_at, excluded.pushed_at);

-- name: tally
insert into tally (account_id, hour, measure, quantity)
select * from unnest(%(account)s::smallint[], %(hour)s::timestamptz[], %(measure)s::text[], %(quantity)s::bigint[]);

-- name: take - claim messages that wait, oldest first within the fastest lane; other workers pass over them. So many
-- bytes are taken at most, and one message however big it is. The last column is the oldest transaction that runs now.
-- Until its end the goods that it may name stay (`catalogue.sql: lock_goods`).
with claimed as materialized (
    select message_id, account_id, lane, attempts, reason, park_key from intake
    where outcome = 'pending' and (select pg_advisory_xact_lock_shared(hashtext('orderloom/goods')) is not null)
    order by lane, message_id
    limit %(limit)s
    for update skip locked
), sized as (
    select i.*, m.topic, m.received_at, m.body_cipher, m.headers, m.body_size,
        sum(m.body_size) over (order by i.lane, i.message_id) as so_far
    from claimed i join message m on m.id = i.message_id
)
select message_id::text, account_id, topic, received_at, body_cipher, headers, attempts, reason, park_key,
    (select pg_snapshot_xmin(pg_current_snapshot())::text), (attempts > 0 or reason <> '') and exists (
    select from message_event e where e.message_id = sized.message_id and e.kind = 'let_in'), case when attempts > 0 then
    (select array_agg(c.value_cipher order by c.id) from correction c where c.message_id = sized.message_id) end
from sized
where so_far <= %(bytes)s or so_far = body_size
order by lane, message_id;

-- name: take_only - claim these, when they still wait (the outcome asked so that the key leads, not all that waits)
select i.message_id::text, i.account_id, m.topic, m.received_at, m.body_cipher, m.headers, i.attempts, i.reason,
    i.park_key, (select pg_snapshot_xmin(pg_current_snapshot())::text), (i.attempts > 0 or i.reason <> '') and exists (
    select from message_event e where e.message_id = i.message_id and e.kind = 'let_in'), case when i.attempts > 0 then
    (select array_agg(c.value_cipher order by c.id) from correction c where c.message_id = i.message_id) end
from intake i join message m on m.id = i.message_id
where i.outcome || '' = 'pending' and i.message_id = any (%(ids)s::uuid[])
    and (select pg_advisory_xact_lock_shared(hashtext('orderloom/goods')) is not null)
order by i.lane, i.message_id
for update of i skip locked;

-- name: look - these as they are stored, whatever became of them; nobody waits for whoever only looks. Who looks at a
-- quarantined one asks what it would become if it was let in
select i.message_id::text, i.account_id, m.topic, m.received_at, m.body_cipher, m.headers, i.attempts, i.reason,
    i.park_key, i.outcome = 'quarantined' or exists (
    select from message_event e where e.message_id = i.message_id and e.kind = 'let_in'), case when i.attempts > 0 then
    (select array_agg(c.value_cipher order by c.id) from correction c where c.message_id = i.message_id) end
from intake i join message m on m.id = i.message_id
where i.message_id = any (%(ids)s::uuid[]) and i.outcome <> 'split'
order by i.message_id;

-- name: finish_usual - the usual end: an order came of it, and there is nothing more to say
update intake i
set outcome = 'normalised', reason = '', detail = '', park_key = '', order_id = d.order_id, attempts = i.attempts + 1,
    processed_at = %(at)s, mapping = null
from unnest(%(ids)s::uuid[], %(orders)s::uuid[]) as d (id, order_id)
where i.message_id = d.id;

-- name: finish - write down what became of them
update intake i
set outcome = d.outcome, reason = d.reason, detail = d.detail, park_key = d.park_key, order_id = d.order_id,
    attempts = i.attempts + 1, processed_at = %(at)s, stake = d.stake, currency = d.currency,
    mapping = d.mapping
from jsonb_to_recordset(%(rows)s::jsonb) as d (id uuid, outcome text, reason text, detail text, park_key text,
    order_id uuid, stake bigint, currency text, mapping text)
where i.message_id = d.id;

-- name: correct - what a person says is to be read in these messages
insert into correction (id, message_id, path, value_cipher, author, reason, at)
select d.id, d.message_id, %(path)s, %(value)b, %(author)s, %(reason)s, %(at)s
from unnest(%(ids)s::uuid[], %(messages)s::uuid[]) as d (id, message_id);
