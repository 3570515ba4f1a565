-- name: clock
select clock_timestamp();

-- name: credentials
select credentials_cipher from account order by id desc limit 3;

-- name: receivers - of the newest orders
select number, receiver_cipher from orders order by id desc limit %(limit)s;

-- name: accounts - that are on, with what they choose
select code, connector, settings from account where is_active order by code;

-- name: has_books
select to_regclass('schema_revision') is not null;

-- name: revision
select max(version_num) from schema_revision;
