-- Those expected to bring most are shown first.
create index value_scored_by_worth on customer.value_scored (tenant_id, run_id, worth desc, customer_id) where worth is not null;
