-- Goods sold before they are there: a quota that sets nothing aside, counts what was promised and says until when.

alter table stock_quota add column is_presale boolean not null default false;
alter table stock_quota add column promised_on date;
alter table stock_quota drop constraint stock_quota_check3;
alter table stock_quota add constraint stock_quota_for_somebody
    check (account_id is not null or campaign <> '' or customer <> '' or is_presale);
alter table stock_quota add constraint stock_quota_presale
    check ((promised_on is not null) = is_presale and (not is_presale or kept = 0));

alter table stock_hold drop constraint stock_hold_kind_check;
alter table stock_hold add constraint stock_hold_kind_check check (kind in ('reservation', 'allocation', 'presale'));
