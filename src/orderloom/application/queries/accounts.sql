-- Accounts without their secrets. Credentials are not selected here, ever.

-- name: accounts
select a.id, a.code, a.family, a.connector, a.title, a.zone, a.base_url, a.is_active, a.health, a.is_well, a.checked_at,
    p.at, p.pulled_at, coalesce(p.failures, 0), coalesce(p.last_error, ''),
    s.at, coalesce(s.found, 0), b.since, b.until, b.at, b.landed, b.scope, b.finished_at, b.failures, b.last_error,
    t.expires, t.authorised_until, t.renewed_at, t.failed_at, t.failure, t.is_final,
    (select coalesce(jsonb_object_agg(case api when '' then '*' else api end, blocked_until), '{}') from pace
        where account_id = a.id and blocked_until > clock_timestamp()), a.settings,
    n.pushed_at, n.clock_ahead_seconds, a.is_watching,
    coalesce(a.credentials_at, a.created_at)
from account a left join pull_cursor p on p.account_id = a.id
left join pull_walk s on s.account_id = a.id and s.kind = 'sweep'
left join pull_walk b on b.account_id = a.id and b.kind = 'backfill'
left join account_token t on t.account_id = a.id and (length(t.tokens_cipher) > 0 or t.failed_at is not null)
left join account_sign n on n.account_id = a.id
where %(family)s in ('', a.family) and a.ended_at is null order by a.id

-- name: has_accounts
select exists (select from account);
