-- The last day on which a quote can be accepted; null while it stands until it is answered.
alter table workorder.work_order add column quote_until date;
