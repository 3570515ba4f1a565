-- What happened to subjects, as their logs hold it.

-- name: history
select e.seq, e.kind, e.at, e.actor, e.facts from subject s join subject_event e on e.subject_id = s.id
where s.number = %(number)s order by e.seq limit %(limit)s
