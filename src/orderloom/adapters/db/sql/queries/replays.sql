-- name: choose - which messages a replay is about; those that came after it was begun are none of its business
select i.message_id::text, i.outcome, i.reason
from intake i join message m on m.id = i.message_id
where i.outcome = any (%(outcomes)s) and (%(account)s::smallint is null or i.account_id = %(account)s)
    and (%(reason)s = '' or i.reason = %(reason)s) and (%(topic)s = '' or m.topic like %(topic)s)
    and (%(since)s::timestamptz is null or m.received_at >= %(since)s)
    and (%(until)s::timestamptz is null or m.received_at < %(until)s) and i.landed_at <= %(before)s
order by i.message_id limit %(limit)s;

-- name: begin
insert into replay_run (id, by, started_at, chosen, total)
values (%(id)s::uuid, %(by)s, %(at)s, %(chosen)s, %(total)s);

-- name: run
select id::text, by, started_at, ended_at, chosen, total, done, upto::text from replay_run where id = %(id)s::uuid
for update;

-- name: queued
update replay_run set done = done + %(count)s, upto = %(upto)s::uuid where id = %(id)s::uuid;

-- name: end
update replay_run set ended_at = %(at)s where id = %(id)s::uuid;
