-- Mappings that people edited.

-- name: versions - of an account, the newest first
select a.code, m.topic, m.version, m.state, m.author, m.reason, m.digest, m.changed_at, m.published_at, m.trial
from mapping_version m join account a on a.id = m.account_id
where m.account_id = %(account)s and m.state = any (%(states)s) and (%(topic)s::text is null or m.topic = %(topic)s)
order by m.topic, m.version desc limit %(limit)s

-- name: content
select content from mapping_version where account_id = %(account)s and topic = %(topic)s and version = %(version)s

-- name: samples - the last messages of these topics
select m.id::text, m.topic, m.received_at, m.body_size, i.outcome, i.reason, m.event_id, i.mapping
from message m join intake i on i.message_id = m.id
where m.account_id = %(account)s and m.topic ~ %(topics)s and i.outcome not in ('quarantined', 'split')
order by m.id desc limit %(limit)s

-- name: bodies - the bytes of messages, newest first
select m.id::text, m.topic, m.received_at, m.headers, m.body_cipher from message m
where m.id = any (%(ids)s::uuid[]) and m.account_id = %(account)s order by m.id desc
