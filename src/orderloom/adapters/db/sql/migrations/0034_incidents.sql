-- Why a parcel does not simply arrive, and who is to blame for it, beside the carrier's own words.
alter table parcel_event add column incident text not null default '', add column blame text not null default '';
