-- name: replays - `waiting`: what is queued behind live orders and no further than the run itself came
select r.id::text, r.by, r.started_at, r.ended_at, r.chosen, r.total, r.done,
    (select count(*) from intake i where i.outcome = 'pending' and i.lane = 1 and i.message_id <= r.upto)
from replay_run r where %(id)s::uuid is null or r.id = %(id)s::uuid
order by r.started_at desc, r.id limit %(limit)s
