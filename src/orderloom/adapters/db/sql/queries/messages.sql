-- name: known - which of these deliveries were landed before
select account_id, event_id from message
where (account_id, event_id) in (select * from unnest(%(accounts)s::smallint[], %(events)s::text[]));

-- name: land - store vouchers; a delivery that was landed before is passed over
insert into message (id, account_id, event_id, topic, received_at, body_cipher, body_size, digest, headers, parent_id)
select * from unnest(%(id)s::uuid[], %(account)s::smallint[], %(event)s::text[], %(topic)s::text[],
    %(at)s::timestamptz[], %(body)s::bytea[], %(size)s::integer[], %(digest)s::bytea[], %(headers)s::text[],
    %(parent)s::uuid[])
on conflict (account_id, event_id) do nothing
returning id::text;

-- name: queue - what is to be done with the vouchers
insert into intake (message_id, account_id, lane, outcome, reason, landed_at)
select * from unnest(%(id)s::uuid[], %(account)s::smallint[], %(lane)s::smallint[], %(outcome)s::text[],
    %(reason)s::text[], %(at)s::timestamptz[]);

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
from unnest(%(id)s::uuid[], %(outcome)s::text[], %(reason)s::text[], %(detail)s::text[], %(park_key)s::text[],
    %(order_id)s::uuid[]) as d (id, outcome, reason, detail, park_key, order_id)
where i.message_id = d.id;
