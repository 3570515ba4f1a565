-- name: known - which of these deliveries were landed before
select account_id, event_id from message
where (account_id, event_id) in (select * from unnest(%(accounts)s::smallint[], %(events)s::text[]));

-- name: land - store vouchers and queue them; a delivery that was landed before is passed over
with given as (
    select * from jsonb_to_recordset(%(rows)s::jsonb) as g (id uuid, account smallint, event text, topic text,
        at timestamptz, body bytea, size integer, digest bytea, headers text, parent uuid, lane smallint, outcome text,
        reason text)
), stored as (
    insert into message (id, account_id, event_id, topic, received_at, body_cipher, body_size, digest, headers,
        parent_id)
    select id, account, event, topic, at, body, size, digest, headers, parent from given
    on conflict (account_id, event_id) do nothing
    returning id
), queued as (
    insert into intake (message_id, account_id, lane, outcome, reason, landed_at)
    select g.id, g.account, g.lane, g.outcome, g.reason, g.at from given g join stored s on s.id = g.id
)
select id::text from stored;

-- name: tally
insert into tally (account_id, hour, measure, quantity)
select * from unnest(%(account)s::smallint[], %(hour)s::timestamptz[], %(measure)s::text[], %(quantity)s::bigint[]);

-- name: take - claim messages that wait, oldest first within the fastest lane; other workers pass over them
select i.message_id::text, i.account_id, m.topic, m.received_at, m.body_cipher, m.headers, i.attempts, i.reason,
    i.park_key
from intake i join message m on m.id = i.message_id
where i.outcome = 'pending'
order by i.lane, i.message_id
limit %(limit)s
for update of i skip locked;

-- name: take_only - claim these, when they still wait
select i.message_id::text, i.account_id, m.topic, m.received_at, m.body_cipher, m.headers, i.attempts, i.reason,
    i.park_key
from intake i join message m on m.id = i.message_id
where i.outcome = 'pending' and i.message_id = any (%(ids)s::uuid[])
order by i.lane, i.message_id
for update of i skip locked;

-- name: finish - write down what became of them
update intake i
set outcome = d.outcome, reason = d.reason, detail = d.detail, park_key = d.park_key, order_id = d.order_id,
    attempts = i.attempts + 1, processed_at = %(at)s
from jsonb_to_recordset(%(rows)s::jsonb) as d (id uuid, outcome text, reason text, detail text, park_key text,
    order_id uuid)
where i.message_id = d.id;
