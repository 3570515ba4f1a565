-- name: save - keep an account; one with the same code and connector gets these values unless it is to be new
insert into account (code, family, connector, title, zone, base_url, credentials_cipher, settings, credentials_at,
    is_watching)
values (%(code)s, %(family)s, %(connector)s, %(title)s, %(zone)s, %(base_url)s, %(credentials)s, %(settings)s::jsonb,
    %(at)s, %(is_watching)s)
on conflict (code) do update set title = excluded.title, zone = excluded.zone, base_url = excluded.base_url,
    credentials_cipher = excluded.credentials_cipher, settings = excluded.settings,
    credentials_at = case when %(is_same)s then account.credentials_at else excluded.credentials_at end
    where account.connector = excluded.connector and not %(is_new)s
returning id;

-- name: subscribe - keep a new subscriber; nothing when the code is taken
insert into account (code, family, connector, title, zone, base_url, credentials_cipher, settings)
values (%(code)s, 'subscribers', 'webhook', %(title)s, 'UTC', %(url)s, %(credentials)s, %(settings)s::jsonb)
on conflict (code) do nothing;

-- name: end_subscriber - its secret goes, and what waits for it is sent to nobody; the record stays
with ended as (
    update account set is_active = false, ended_at = %(at)s, credentials_cipher = %(credentials)s
    where code = %(code)s and family = 'subscribers' and ended_at is null returning id
), waiting as (
    update delivery d set state = 'cancelled', done_at = %(at)s from ended e
    where d.account_id = e.id and d.state = 'due' and (d.lease_until is null or d.lease_until < %(at)s)
)
select id from ended;

-- name: change_subscriber - what is null stays
update account set title = coalesce(%(title)s, title), base_url = coalesce(%(url)s, base_url),
    settings = case when %(hosts)s::text[] is null then settings else settings - 'private_hosts'
        || case when %(hosts)s::text[] = '{}' then '{}' else jsonb_build_object('private_hosts', %(hosts)s::text[]) end end,
    health = '', is_well = null
where code = %(code)s and family = 'subscribers' and ended_at is null;

-- name: renew_secret
update account set credentials_cipher = %(credentials)s, credentials_at = %(at)s
where code = %(code)s and family = 'subscribers' and ended_at is null;

-- name: ping - queue a trial event; nothing when no such subscriber is on
insert into delivery (id, account_id, kind, order_key, body, state, due_at, created_at)
select %(id)s::uuid, id, 'event', 'ping:' || %(id)s, %(body)s, 'due', %(at)s, %(at)s from account
where code = %(code)s and family = 'subscribers' and is_active and ended_at is null
returning id::text;

-- name: pull_from - begin to read it, by the hub's clock; how far it was read before is kept
insert into pull_cursor (account_id, at, due_at) values (%(id)s, %(at)s, %(at)s) on conflict (account_id) do nothing;

-- name: backfill - read the orders from before; one that is under way begins anew
insert into pull_walk (account_id, kind, scope, since, until, at, due_at)
values (%(id)s, 'backfill', %(scope)s, %(since)s, %(until)s, %(since)s, %(until)s)
on conflict (account_id, kind) do update set scope = excluded.scope, since = excluded.since, until = excluded.until,
    at = excluded.at, key = '', landed = 0, found = 0, due_at = excluded.due_at, lease_until = null, failures = 0,
    last_error = '', finished_at = null;

-- name: find - an account with its credentials, active or not
select id, code, family, connector, zone, base_url, credentials_cipher, settings, title, is_active, is_watching
from account where code = %(code)s;

-- name: set_setting
update account set settings = settings || jsonb_build_object(%(name)s::text, %(value)s::jsonb) where code = %(code)s;

-- name: end_stock - figures that another decides by now are not sent; one that is being sent ends as it does
update delivery set state = 'cancelled', done_at = %(at)s
where account_id = %(id)s and kind = 'stock' and state in ('due', 'parked')
    and (lease_until is null or state = 'parked');

-- name: forget_shown_stock - it was told nothing that counts
delete from stock_shown where account_id = %(id)s;

-- name: codes
select code from account order by code;

-- name: note_health
update account set health = %(health)s, is_well = %(is_well)s, checked_at = %(at)s where id = %(id)s;

-- name: set_active
update account set is_active = %(is_active)s where code = %(code)s and ended_at is null returning id;

-- name: set_watching
update account set is_watching = %(is_watching)s where code = %(code)s returning id;

-- name: drop_watched - what was only looked at stays where it is: it is not made into anything when the account goes live
with dropped as (
    update intake set outcome = 'discarded', park_key = '', processed_at = %(at)s
    where account_id = %(id)s and outcome = 'parked' and reason = 'watch_only'
    returning message_id
)
insert into message_event (message_id, at, by, kind, reason)
select message_id, %(at)s, %(by)s, 'discarded', %(reason)s from dropped;

-- name: waiting - what waits for an account: deliveries to it, messages of it
select (select count(*) from delivery where account_id = %(id)s and state in ('due', 'parked')),
    (select count(*) from intake where account_id = %(id)s and outcome in ('pending', 'parked'));
