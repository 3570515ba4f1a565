-- name: active - the newest published version
select version, content from blueprint_version order by version desc limit 1;

-- name: lock - one publisher at a time
select pg_advisory_xact_lock(7810759231337);

-- name: publish
insert into blueprint_version (version, content, digest, author, reason)
values (%(version)s, %(content)s::jsonb, %(digest)s, %(author)s, %(reason)s);

-- name: standing - orders that stand in these stages
select stage, count(*) from orders where stage = any (%(stages)s) group by stage order by stage;
