-- name: targets - accounts, switched on, with something that may leave now (queued "later than now": by a wrong clock).
-- One look per account that stops at the first: a whole backlog is never read to name one target.
select a.id from account a cross join lateral (
    select from delivery d
    where d.account_id = a.id and d.state = 'due'
        and (d.due_at <= %(at)s or d.created_at > %(at)s + interval '2 seconds')
        and (d.lease_until is null or d.lease_until < %(at)s)
    order by d.position limit 1
) d where a.is_active;

-- name: bucket - the target's token bucket, locked; made on first use
insert into token_bucket (account_id, tokens, per_second, burst, filled_at)
values (%(account)s, %(burst)s, %(per_second)s, %(burst)s, %(at)s)
on conflict (account_id) do update
set tokens = least(excluded.burst, token_bucket.tokens
        + greatest(extract(epoch from excluded.filled_at - token_bucket.filled_at), 0) * excluded.per_second),
    per_second = excluded.per_second, burst = excluded.burst, filled_at = excluded.filled_at
returning tokens, blocked_until;

-- name: spend
update token_bucket set tokens = tokens - %(count)s where account_id = %(account)s;

-- name: block - the target asked to be left alone for a while
update token_bucket set blocked_until = greatest(coalesce(blocked_until, %(until)s), %(until)s), tokens = 0
where account_id = %(account)s;

-- name: take - lease deliveries of one target, each only when it is the first that stands of its order. Asked as one
-- look into an index per row: an anti-join is planned by the statistics, and those of an empty outbox make it quadratic.
update delivery d
set lease_until = %(lease_until)s, attempts = d.attempts + 1, sent_at = %(at)s
from (
    select c.id from delivery c
    where c.account_id = %(account)s and c.state = 'due'
        and (c.due_at <= %(at)s or c.created_at > %(at)s + interval '2 seconds')
        and (c.lease_until is null or c.lease_until < %(at)s)
        and c.position = (
            select e.position from delivery e
            where e.account_id = c.account_id and e.order_key = c.order_key and e.state in ('due', 'parked')
            order by e.position limit 1
        )
    order by c.position
    limit %(limit)s
    for update of c skip locked
) t
where d.id = t.id
returning d.id::text, d.kind, d.order_id::text, d.order_key, d.body, d.attempts,
    (select o.receiver_cipher from orders o where o.id = d.order_id),
    case when d.kind = 'message' then (select a.address_cipher from recipient_address a
        where a.account_id = d.account_id and a.recipient = d.body::jsonb ->> 'to') end;

-- name: finish - what became of leased deliveries. The state is asked so that no index serves it: by the statistics of
-- an empty outbox the planner would read all that is due instead of these ids.
update delivery d
set state = s.state, due_at = s.due_at, lease_until = null, last_error = s.error, answer = s.answer,
    attempts = d.attempts - s.back,
    done_at = case when s.state = 'due' then null else %(at)s::timestamptz end
from unnest(%(id)s::uuid[], %(state)s::text[], %(due_at)s::timestamptz[], %(error)s::text[], %(answer)s::text[],
    %(back)s::integer[]) as s (id, state, due_at, error, answer, back)
where d.id = s.id and d.state || '' = 'due';

-- name: tried - what failed, try by try
insert into delivery_try (delivery_id, at, error)
select u.id, %(at)s, u.error from unnest(%(id)s::uuid[], %(error)s::text[]) as u (id, error) on conflict do nothing;

-- name: add
insert into delivery (id, account_id, kind, order_id, order_key, body, state, due_at, created_at)
select u.id, u.account, u.kind, u.order_id, u.order_key, u.body, 'due', %(at)s, %(at)s
from unnest(%(id)s::uuid[], %(account)s::smallint[], %(kind)s::text[], %(order_id)s::uuid[], %(order_key)s::text[],
    %(body)s::text[]) as u (id, account, kind, order_id, order_key, body);

-- name: figures_waiting - the last push of each stream, where nobody has begun to send it; locked
select d.id, d.account_id, d.order_key, d.body
from (select distinct * from unnest(%(account)s::smallint[], %(stream)s::text[]) as k (account, stream)) k
join delivery d on d.account_id = k.account and d.order_key = k.stream and d.state in ('due', 'parked')
where d.kind = 'stock' and d.state = 'due' and d.attempts = 0 and d.lease_until is null
    and not exists (select from delivery l where l.account_id = d.account_id and l.order_key = d.order_key
        and l.state in ('due', 'parked') and l.position > d.position)
for update of d skip locked;

-- name: figures_join
update delivery d set body = u.body
from unnest(%(id)s::uuid[], %(body)s::text[]) as u (id, body) where d.id = u.id;

-- name: parked - of one account, or (null) of all
select id::text from delivery where state = 'parked' and (%(account)s::smallint is null or account_id = %(account)s)
order by id desc;

-- name: resend - send parked, done or given up deliveries again, as new attempts of the same delivery, and write down
-- who asked; never work that was called back or cancelled, nor what has been pruned. Of a label it is remembered that it
-- was tried: the carrier is asked first whether it has it
with again as (
    update delivery d set state = 'due', due_at = %(at)s, attempts = case when (d.kind = 'label' and exists (
            select from label l where l.number = d.body::jsonb ->> 'label_no' and l.state <> 'refused'))
            or (d.kind = 'pickup' and exists (
            select from pickup p where p.number = d.body::jsonb ->> 'pickup_no' and p.state <> 'refused'))
            or d.kind = 'decision' then 1 else 0 end,
        lease_until = null, done_at = null
    where d.id = any (%(ids)s::uuid[]) and d.state in ('parked', 'done', 'cancelled', 'given_up')
        and d.pruned_at is null and not (d.kind = 'work' and exists (
            select from work w where w.order_id = d.order_id and w.number = d.body::jsonb ->> 'work_no'
                and w.state in ('recalling', 'cancelled')))
        and (d.kind <> 'decision' or (d.state in ('parked', 'given_up') and exists (
            select from after_sale a where a.order_id = d.order_id and a.decision = d.body::jsonb ->> 'decision'
                and a.external_id = d.body::jsonb ->> 'application' and a.state = d.body::jsonb ->> 'state'
                and a.decision_state <> 'past')))
        and (d.kind <> 'label' or exists (
            select from label l where l.number = d.body::jsonb ->> 'label_no' and l.account_id = d.account_id
                and l.state in ('refused', 'in_doubt', 'given_up')))
        and (d.kind <> 'label_cancel' or exists (
            select from label l where l.number = d.body::jsonb ->> 'label_no' and l.state in ('bought', 'cancelling')
                and not exists (
                    select from parcel_item i join parcel p on p.id = i.parcel_id
                    where i.order_id = l.order_id and upper(replace(p.waybill, ' ', '')) = l.waybill)))
        and (d.kind <> 'pickup' or exists (
            select from pickup p where p.number = d.body::jsonb ->> 'pickup_no' and p.account_id = d.account_id
                and p.state in ('refused', 'in_doubt', 'given_up')))
        and (d.kind <> 'pickup_cancel' or exists (
            select from pickup p where p.number = d.body::jsonb ->> 'pickup_no' and p.state in ('booked', 'cancelling')))
    returning d.id, d.kind, d.body
), labels as (
    update label l set state = case when d.kind = 'label' then 'asked' else 'cancelling' end, error = '' from again d
    where d.kind in ('label', 'label_cancel') and l.number = d.body::jsonb ->> 'label_no'
), pickups as (
    update pickup p set state = case when d.kind = 'pickup' then 'asked' else 'cancelling' end, error = '' from again d
    where d.kind in ('pickup', 'pickup_cancel') and p.number = d.body::jsonb ->> 'pickup_no'
), told as (
    insert into delivery_event (delivery_id, at, by, kind, reason) select id, %(at)s, %(by)s, 'resent', '' from again
)
select id::text from again;

-- name: ended_range - of an account, that ended in a span of time
select id::text from delivery where account_id = %(account)s and state = any (%(states)s)
    and created_at between %(since)s and %(until)s and pruned_at is null
order by position;

-- name: pruned - those of which the text is not kept any more
select id::text from delivery where id = any (%(ids)s::uuid[]) and pruned_at is not null order by id;

-- name: pruned_range
select count(*) from delivery where account_id = %(account)s and state = any (%(states)s)
    and created_at between %(since)s and %(until)s and pruned_at is not null;

-- name: lock_stuck - deliveries as they stand, locked
select d.id::text, d.state, d.kind, d.order_id::text,
    case when d.kind in ('work', 'work_cancel') then coalesce(d.body::jsonb ->> 'work_no', '')
        when d.kind = 'decision' then d.body::jsonb ->> 'application' else '' end, d.attempts,
    split_part(d.last_error, ':', 1)
from delivery d where d.id = any (%(ids)s::uuid[]) order by d.id for update;

-- name: decisions_left - what was to be told of the seller's answers to an application and is not done, locked
select d.id::text, d.state, d.kind, d.order_id::text, d.body::jsonb ->> 'application', d.attempts,
    split_part(d.last_error, ':', 1)
from delivery d
where d.order_id = %(order)s::uuid and d.kind = 'decision' and d.state || '' in ('due', 'parked')
    and d.body::jsonb ->> 'application' = %(application)s
order by d.id for update;

-- name: give_up - who and why is kept for good
with told as (
    insert into delivery_event (delivery_id, at, by, kind, reason)
    select id, %(at)s, %(by)s, 'given_up', %(reason)s from unnest(%(ids)s::uuid[]) as d (id)
), labels as (
    update label l set state = case when d.kind = 'label' then 'given_up' else 'bought' end, answered_at = %(at)s
    from delivery d
    where d.id = any (%(ids)s::uuid[]) and l.number = d.body::jsonb ->> 'label_no'
        and ((d.kind = 'label' and l.state not in ('bought', 'cancelling', 'cancelled'))
            or (d.kind = 'label_cancel' and l.state = 'cancelling'))
), pickups as (
    update pickup p set state = case when d.kind = 'pickup' then 'given_up' else 'booked' end, answered_at = %(at)s
    from delivery d
    where d.id = any (%(ids)s::uuid[]) and p.number = d.body::jsonb ->> 'pickup_no'
        and ((d.kind = 'pickup' and p.state not in ('booked', 'cancelling', 'cancelled'))
            or (d.kind = 'pickup_cancel' and p.state = 'cancelling'))
)
update delivery set state = 'given_up', lease_until = null, done_at = %(at)s where id = any (%(ids)s::uuid[]);

-- name: of_case - parked deliveries that an open case, or a member of a group, is about
with about as (
    select c.kind, c.subject from case_file c where c.id = %(id)s::uuid and not c.is_group
    union all
    select g.kind, m.subject from case_file g join case_member m on m.case_id = g.id
    where g.id = %(id)s::uuid and g.is_group and m.resolved_at is null
)
select d.id::text from about a join delivery d on d.id::text = a.subject
where a.kind in ('delivery_parked', 'delivery_refused') and d.state = 'parked' order by d.id limit %(limit)s;
