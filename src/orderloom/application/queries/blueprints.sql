-- Published blueprints.

-- name: blueprint
select version, author, reason, published_at, encode(digest, 'hex') from blueprint_version
order by version desc limit 50
