-- Which work a warehouse spoke of, and which carrier it named: silence about one work is seen beside news of another,
-- and a corrected carrier is told from a repeated report. Empty for what was claimed before.
alter table claim add column work text not null default '', add column carrier text not null default '';
