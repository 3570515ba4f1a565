-- Snapshots of stock and what differed in them.

-- name: snapshots
select s.number, s.scheduled_for, s.began_at, s.ended_at, s.by_actor, s.compared, s.explained, s.differ, s.systems,
    s.unread, s.tripped,
    (select max(b.until) from stock_breaker b where b.snapshot_id = s.id and b.closed_at is null)
from stock_snapshot s
where %(number)s = '' and (%(after)s = '' or s.number < %(after)s) or s.number = %(number)s
order by s.number desc limit %(limit)s

-- name: rows
select r.row_no, r.system, r.place, coalesce(k.code, ''), r.spelling, r.meaning, r.ours, r.theirs, r.explained
from stock_snapshot_row r join stock_snapshot s on s.id = r.snapshot_id left join sku k on k.id = r.sku_id
where s.number = %(number)s and r.row_no > %(after)s order by r.row_no limit %(limit)s
