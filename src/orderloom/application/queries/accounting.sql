-- name: counts
select outcome, count(*) from intake where outcome <> 'split' group by outcome
union all
select 'tally ' || measure, sum(quantity)::bigint from tally group by measure;
