-- Sold here, gone there: by shop, how long its figure took to follow a sale at another shop.

-- name: hours - of each shop, so many within so many milliseconds of the sale's message (0: longer than all bounds)
select h.account_id, h.within_ms, sum(h.count)::bigint, sum(h.landing_ms)::bigint, sum(h.route_ms)::bigint,
    sum(h.publish_ms)::bigint, sum(h.queue_ms)::bigint, sum(h.answer_ms)::bigint
from sale_shown h where h.hour >= %(since)s group by 1, 2 order by 1, 2

-- name: worst - of each shop the slowest
select distinct on (h.account_id) h.account_id, s.code, h.worst_sold_by, h.hour, h.worst_ms, h.worst_steps
from sale_shown h join sku s on s.id = h.worst_sku_id
where h.hour >= %(since)s order by h.account_id, h.worst_ms desc, h.hour

-- name: waiting - pushes that have not ended: how many, and since when the oldest sale waits
select w.account_id, count(*), min(w.received_at) from sale_wait w left join delivery d on d.id = w.delivery_id
where d.id is null or d.done_at is null or d.state = 'parked'
group by w.account_id
