-- Quotas that want units are found at once, and those of one call again when it is repeated.

alter table stock_quota add column call_key text not null default '';
create index stock_quota_wants on stock_quota (sku_id, warehouse_id) where state = 'open' and kept + drawn < quantity;
create index stock_quota_call on stock_quota (call_key) where call_key <> '';
create index stock_quota_number on stock_quota (number desc);
