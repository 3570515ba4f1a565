-- Subscribers without their secrets.

-- name: subscribers - the last that was heard is looked for among the newest deliveries alone
select a.code, a.title, a.base_url, a.is_active, a.settings ? 'private_hosts', a.created_at,
    coalesce(a.credentials_at, a.created_at), w.waiting, w.parked, h.at, coalesce(w.last_error, ''),
    coalesce(a.settings #>> '{sees_as,role}', ''), coalesce(a.settings #> '{sees_as,limits}', '{}')
from account a
left join lateral (
    select count(*) filter (where state = 'due') as waiting, count(*) filter (where state = 'parked') as parked,
        (array_agg(last_error order by position desc) filter (where last_error <> ''))[1] as last_error
    from (select state, last_error, position from delivery
        where account_id = a.id and state in ('due', 'parked') limit %(most)s) d
) w on true
left join lateral (
    select max(done_at) as at from (
        select done_at, state from delivery where account_id = a.id and state = 'done' order by id desc limit 20) d
) h on true
where a.family = 'subscribers' and a.ended_at is null order by a.code
