-- Lists are read from the newest on, a page at a time, by a key that only leakproof operators compare: row-level security
-- lets the index be used for it, whatever is searched for besides.
create index payment_newest on billing.payment (tenant_id, contract_id, credited_at desc, id desc);
drop index billing.payment_of_contract;
create index receipt_newest on billing.receipt (tenant_id, contract_id, number desc, id desc);
drop index billing.receipt_of_contract;
