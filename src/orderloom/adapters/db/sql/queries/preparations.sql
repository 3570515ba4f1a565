-- name: keep_sample - one sample for an account's topic
insert into preparation (id, kind, account_id, subject, told, sealed_cipher, by, made_at, changed_at)
values (%(id)s, 'sample', %(account)s, %(subject)s, %(told)s, %(sealed)s, %(by)s, %(at)s, %(at)s)
on conflict (account_id, subject) where kind = 'sample' do update set told = excluded.told,
    sealed_cipher = excluded.sealed_cipher, by = excluded.by, changed_at = excluded.changed_at;

-- name: sample
select id::text, told, sealed_cipher, by, changed_at from preparation
where kind = 'sample' and account_id = %(account)s and subject = %(subject)s;

-- name: drop_sample
delete from preparation where kind = 'sample' and account_id = %(account)s and subject = %(subject)s;

-- name: keep_draft - an account half connected; its keys are sealed
insert into preparation (id, kind, subject, told, sealed_cipher, by, made_at, changed_at)
values (%(id)s, 'connect', %(subject)s, %(told)s, %(sealed)s, %(by)s, %(at)s, %(at)s)
on conflict (id) do update set told = excluded.told, sealed_cipher = excluded.sealed_cipher,
    changed_at = excluded.changed_at, by = excluded.by;

-- name: drafts - the newest first
select id::text, subject, told, sealed_cipher, by, made_at, changed_at from preparation
where kind = 'connect' and (%(id)s::uuid is null or id = %(id)s::uuid) order by changed_at desc limit %(limit)s;

-- name: drop_draft
delete from preparation where kind = 'connect' and id = %(id)s;

-- name: forget - what nobody went on with for so long; typed keys are not kept for ever
delete from preparation where kind = 'connect' and changed_at < %(before)s;
