-- name: translate
select count(*) from intake where outcome = 'pending';

-- name: parked
select count(*) from intake where outcome = 'parked';

-- name: reread
select count(*) from reread;

-- name: deliver
select count(*) from delivery where state = 'due';

-- name: deliver_parked
select count(*) from delivery where state = 'parked';

-- name: wake
select count(*) from deadline where state = 'pending' and due_at <= now();

-- name: confirm
select count(*) from work where state not in ('handed_over', 'cancelled');

-- name: track
select count(*) from parcel where state not in ('delivered', 'returned', 'lost');

-- name: stock_late
select count(*) from delivery
    where state = 'due' and kind = 'stock' and created_at < now() - make_interval(secs => %(within)s);

-- name: audit
select count(*) from order_event where xid >=
    coalesce((select to_xid from audit_checkpoint order by number desc limit 1), '0'::xid8);

-- name: backfills - how far each is, in percent
select a.code, least(99, floor(100 * extract(epoch from w.at - w.since)
    / greatest(extract(epoch from w.until - w.since), 1)))::integer
from pull_walk w join account a on a.id = w.account_id and a.is_active
where w.kind = 'backfill' and w.finished_at is null order by a.code;

-- name: authorisations - of accounts that a person has to authorise: why, or until when the authorisation lasts
select a.code, case when t.is_final then t.failure else to_char(t.authorised_until at time zone 'UTC', 'YYYY-MM-DD') end
from account_token t join account a on a.id = t.account_id and a.is_active
where t.is_final or t.authorised_until < now() + interval '7 days'
    and t.authorised_until < now() + (t.authorised_until - coalesce(t.renewed_at, t.authorised_until)) / 4
order by a.code;

-- name: phases
select phase, count(*) from orders group by phase order by phase;

-- name: completed - by channel
select a.connector, coalesce(sum(n), 0)::bigint from account a
left join (select account_id, count(*) as n from orders where stage = %(stage)s group by account_id) o
    on o.account_id = a.id
where a.family = 'channels' group by a.connector order by a.connector;

-- name: cases - open ones by kind
select kind, count(*) from case_file where resolved_at is null group by kind order by kind;

-- name: notifications - messages to people that wait, that are being sent or are stuck, and that reached nobody in a day
select state, count(*) from telling
where state = 'waiting' or (state = 'unreachable' and created_at > now() - interval '1 day') group by state
union all
select case state when 'due' then 'sending' else state end, count(*) from delivery
where kind = 'message' and state in ('due', 'parked') group by state
