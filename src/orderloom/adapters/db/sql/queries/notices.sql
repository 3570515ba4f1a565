-- name: untold_cases - cases that no rule was asked about, held and marked; what was told before they were reopened ends
with taken as (
    select id from case_file where told_at is null and resolved_at is null
    order by opened_at limit %(limit)s for update skip locked
), marked as (
    update case_file c set told_at = %(at)s from taken t where c.id = t.id
    returning c.id, c.kind, c.subject, c.order_id, c.account_id, c.owner, c.opened_at, c.due_at
), before as (
    update notice n set ended_at = %(at)s, ended_why = 'opened again', due_at = null from taken t
    where n.case_id = t.id and n.ended_at is null
)
select m.id::text, m.kind, m.subject, m.order_id::text, o.number, m.account_id, m.owner, m.opened_at, m.due_at
from marked m left join orders o on o.id = m.order_id order by m.opened_at, m.id;

-- name: open - each once per rule and subject as long as it has not ended
insert into notice (id, rule, subject, case_id, order_id, account_id, severity, owner, told, opened_at, due_at)
select d.id, d.rule, d.subject, d.case_id, d.order_id, d.account_id, d.severity, d.owner, d.told, d.opened_at, d.due_at
from jsonb_to_recordset(%(notices)s::jsonb) as d (id uuid, rule text, subject text, case_id uuid, order_id uuid,
    account_id smallint, severity text, owner text, told jsonb, opened_at timestamptz, due_at timestamptz)
order by d.rule, d.subject
on conflict (rule, subject) where ended_at is null do nothing;

-- name: due - a step of these is due; held
select n.id::text, n.rule, n.step, coalesce(c.owner, n.owner), n.severity, n.account_id,
    c.resolved_at is not null
from notice n left join case_file c on c.id = n.case_id
where n.due_at <= %(at)s and n.ended_at is null and n.acknowledged_at is null
order by n.due_at, n.id limit %(limit)s for update of n skip locked;

-- name: step
update notice n set step = d.step, due_at = d.due_at
from unnest(%(id)s::uuid[], %(step)s::smallint[], %(due_at)s::timestamptz[]) as d (id, step, due_at) where n.id = d.id;

-- name: end
update notice set ended_at = %(at)s, ended_why = %(why)s, due_at = null
where id = any (%(ids)s::uuid[]) and ended_at is null;

-- name: end_closed - of cases that are closed
update notice n set ended_at = %(at)s, ended_why = %(why)s, due_at = null
from case_file c where c.id = n.case_id and n.ended_at is null and c.resolved_at is not null;

-- name: end_others - what the rule tells, but for these
update notice set ended_at = %(at)s, ended_why = %(why)s, due_at = null
where rule = %(rule)s and ended_at is null and subject <> all (%(subjects)s);

-- name: addresses
select recipient, account_id from recipient_address;

-- name: tell - each recipient once per step, whoever comes first
insert into telling (id, notice_id, step, recipient, account_id, state, created_at, due_at)
select d.id, d.notice_id, d.step, d.recipient, d.account_id,
    case when d.account_id is null then 'unreachable' else 'waiting' end, %(at)s, %(at)s
from jsonb_to_recordset(%(told)s::jsonb) as d (id uuid, notice_id uuid, step smallint, recipient text,
    account_id smallint)
order by d.id
on conflict (notice_id, step, recipient, account_id) do nothing;

-- name: backlog - open cases by owner
select owner, count(*) from case_file where resolved_at is null group by owner;

-- name: ending_tokens - what a person has to authorise again
select a.id, a.code, 'authorisation', t.authorised_until from account_token t join account a on a.id = t.account_id
where a.is_active and t.authorised_until < %(until)s order by a.id;

-- name: silent - messengers with a message that they have not taken for so long, though it was tried, and the last error
select distinct on (d.account_id) d.account_id, d.last_error from delivery d join account a on a.id = d.account_id
where a.family = 'messengers' and a.is_active and d.state = 'due' and d.kind = 'message' and d.attempts > 1
    and d.created_at < %(since)s
order by d.account_id, d.position;

-- name: waiting_accounts
select distinct t.account_id from telling t where t.state = 'waiting' and t.due_at <= %(at)s order by t.account_id;

-- name: lock_account - one at a time hands over to a messenger; nobody waits for another
select pg_try_advisory_xact_lock(7810759, %(account)s::integer);

-- name: waiting
select t.id::text, t.recipient, n.rule, n.severity, n.owner, n.told, n.opened_at, n.order_id::text,
    n.ended_at is not null or n.acknowledged_at is not null or c.resolved_at is not null or c.taken_at is not null
from telling t join notice n on n.id = t.notice_id left join case_file c on c.id = n.case_id
where t.account_id = %(account)s and t.state = 'waiting' and t.due_at <= %(at)s
order by t.created_at, t.id limit %(limit)s;

-- name: sent - what was handed over to a messenger since, by recipient: one row a delivery
select t.recipient, max(t.handed_at), array_agg(distinct n.rule)
from telling t join notice n on n.id = t.notice_id
where t.account_id = %(account)s and t.state = 'handed_over' and t.handed_at > %(since)s
group by t.recipient, t.delivery_id;

-- name: under_way - messages that a messenger has not taken yet
select count(*) from delivery where account_id = %(account)s and kind = 'message' and state = 'due';

-- name: queue - the deliveries of messages
insert into delivery (id, account_id, kind, order_id, order_key, body, state, due_at, created_at)
select u.id, %(account)s, 'message', u.order_id, u.id::text, u.body, 'due', %(at)s, %(at)s
from unnest(%(id)s::uuid[], %(order_id)s::uuid[], %(body)s::text[]) as u (id, order_id, body);

-- name: handed_over
update telling t set state = 'handed_over', handed_at = %(at)s, delivery_id = d.delivery, held_by = ''
from unnest(%(id)s::uuid[], %(delivery)s::uuid[]) as d (id, delivery) where t.id = d.id and t.state = 'waiting';

-- name: held
update telling t set due_at = d.until, held_by = d.why
from unnest(%(id)s::uuid[], %(until)s::timestamptz[], %(why)s::text[]) as d (id, until, why)
where t.id = d.id and t.state = 'waiting';

-- name: needless
update telling set state = 'needless', handed_at = %(at)s where id = any (%(ids)s::uuid[]) and state = 'waiting';

-- name: acknowledge - a message's notice, and all that left in one delivery with it; those nobody has acknowledged yet
with about as (
    select o.notice_id from telling t join telling o on o.id = t.id
        or (t.delivery_id is not null and o.delivery_id = t.delivery_id)
    where t.id = %(id)s::uuid
)
update notice n set acknowledged_at = %(at)s, acknowledged_by = %(by)s, due_at = null
where n.id in (select notice_id from about) and n.acknowledged_at is null;

-- name: is_told - whether there is such a message
select from telling where id = %(id)s::uuid;

-- name: acknowledge_case - whoever takes a case has heard of it
update notice set acknowledged_at = %(at)s, acknowledged_by = %(by)s, due_at = null
where case_id = %(id)s::uuid and ended_at is null and acknowledged_at is null;

-- name: keep_address
insert into recipient_address (id, recipient, account_id, address_cipher, shown, kept_at, kept_by)
values (%(id)s::uuid, %(recipient)s, %(account)s, %(cipher)s, %(shown)s, %(at)s, %(by)s)
on conflict (recipient, account_id) do update set address_cipher = excluded.address_cipher, shown = excluded.shown,
    kept_at = excluded.kept_at, kept_by = excluded.kept_by;

-- name: forget_address
delete from recipient_address where recipient = %(recipient)s and account_id = %(account)s;
