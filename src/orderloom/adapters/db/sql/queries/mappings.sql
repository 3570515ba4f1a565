-- name: lock - one editor of an account's mapping at a time
select id, code, connector from account where id = %(account)s for update;

-- name: in_force
select topic, version, digest, content from mapping_version
where account_id = %(account)s and state = 'in_force' order by topic;

-- name: find
select version, state, content, digest, author, trial from mapping_version
where account_id = %(account)s and topic = %(topic)s and (state = %(state)s or version = %(version)s)
order by version desc limit 1;

-- name: save_draft - the one draft of a topic, under the next number
insert into mapping_version (account_id, topic, version, content, digest, author, state, changed_at)
select %(account)s, %(topic)s, coalesce(max(version), 0) + 1, %(content)s, %(digest)s, %(author)s, 'draft', %(at)s
from mapping_version where account_id = %(account)s and topic = %(topic)s
on conflict (account_id, topic) where state = 'draft' do update set content = excluded.content,
    digest = excluded.digest, author = excluded.author, changed_at = excluded.changed_at,
    trial = case when mapping_version.digest = excluded.digest then mapping_version.trial else '' end
returning version;

-- name: drop_draft
delete from mapping_version where account_id = %(account)s and topic = %(topic)s and state = 'draft';

-- name: note_trial
update mapping_version set trial = %(trial)s
where account_id = %(account)s and topic = %(topic)s and state = 'draft' and digest = %(digest)s;

-- name: retire - what was in force is no longer
update mapping_version set state = 'before'
where account_id = %(account)s and topic = %(topic)s and state = 'in_force' returning version;

-- name: put_in_force
update mapping_version set state = 'in_force', author = %(author)s, reason = %(reason)s, published_at = %(at)s
where account_id = %(account)s and topic = %(topic)s and state = 'draft' returning version;

-- name: requeue - what could not be read goes through again
update intake set outcome = 'pending'
where account_id = %(account)s and outcome = 'parked' and reason not in ('account_unwell', 'unknown_sku');
