-- Works of one merge leave in one parcel; open orders of one receiver are found by their blind index.
alter table work add column merge_no text not null default '';
create index work_merge on work (merge_no) where merge_no <> '';
