-- name: look - what is kept for an account
select of_index, tokens_cipher, expires, authorised_until from account_token where account_id = %(account)s;

-- name: lock - the same with what was written down of the last asking, locked; and the credentials that a person gave
select t.of_index, t.tokens_cipher, t.expires, t.authorised_until, t.generation, t.lease_until > clock_timestamp(),
    t.lease <> '', t.failure_code, t.failure, t.is_final,
    (extract(epoch from t.ask_again_at) - extract(epoch from clock_timestamp()))::double precision,
    t.is_same and t.renewed_at > clock_timestamp() - make_interval(secs => %(recent)s), a.credentials_cipher
from account_token t join account a on a.id = t.account_id where t.account_id = %(account)s for update of t;

-- name: ensure
insert into account_token (account_id, of_index, tokens_cipher) values (%(account)s, %(of)s, '')
on conflict (account_id) do nothing;

-- name: reset - other credentials were given: what was kept came from those before, and is gone
insert into account_token (account_id, of_index, tokens_cipher) values (%(account)s, %(of)s, '')
on conflict (account_id) do update set of_index = excluded.of_index, tokens_cipher = '', expires = '{}',
    authorised_until = null, generation = account_token.generation + 1, renewed_at = null, is_same = false, lease = '',
    lease_until = '-infinity', failures = 0, failed_at = null, failure_code = '', failure = '', is_final = false, ask_again_at = '-infinity';

-- name: forget_others - what came from other credentials than these is of no use any more
update account_token set of_index = %(of)s, tokens_cipher = '', expires = '{}', authorised_until = null,
    generation = generation + 1, renewed_at = null, is_same = false, lease = '', lease_until = '-infinity',
    failures = 0, failed_at = null, failure_code = '', failure = '', is_final = false, ask_again_at = '-infinity'
where account_id = %(account)s and of_index <> %(of)s;

-- name: begin - the first tokens of new credentials
update account_token set tokens_cipher = %(tokens)s, expires = %(expires)s, authorised_until = %(lasts)s,
    renewed_at = clock_timestamp()
where account_id = %(account)s and of_index = %(of)s;

-- name: lease - the platform is being asked
update account_token set lease = %(lease)s, lease_until = clock_timestamp() + make_interval(secs => %(seconds)s)
where account_id = %(account)s;

-- name: store - what was granted, unless somebody else stored something meanwhile
update account_token set tokens_cipher = %(tokens)s, expires = %(expires)s, authorised_until = %(lasts)s,
    generation = generation + 1, renewed_at = clock_timestamp(), is_same = %(is_same)s, lease = '', lease_until = '-infinity', failures = 0,
    failed_at = null, failure_code = '', failure = '', is_final = false, ask_again_at = '-infinity'
where account_id = %(account)s and of_index = %(of)s and generation = %(generation)s;

-- name: fail - the platform did not grant any; nobody asks again for a while, the longer the more often it failed
update account_token set lease = '', lease_until = '-infinity', failures = failures + 1, failed_at = clock_timestamp(),
    failure_code = %(code)s, failure = %(failure)s, is_final = %(is_final)s,
    ask_again_at = clock_timestamp() + make_interval(secs =>
        greatest(%(wait)s, least(%(most)s, %(pause)s * 2 ^ least(failures, 10))))
where account_id = %(account)s and lease = %(lease)s and generation = %(generation)s;

-- name: states - how every account's authorisation is
select account_id, authorised_until, renewed_at, failed_at, failure, is_final, failures from account_token
where length(tokens_cipher) > 0 or failures > 0;
