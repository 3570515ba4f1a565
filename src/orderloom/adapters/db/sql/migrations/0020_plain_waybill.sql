-- Parcels of before were kept as somebody had typed their number; carriers report on it in capitals and without blanks.
create index parcel_plain_waybill on parcel (upper(replace(waybill, ' ', '')));
drop index parcel_waybill;
