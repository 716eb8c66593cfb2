-- Companies are looked for by their code too.
create index customer_by_credit_code on customer.customer (tenant_id, credit_code) where credit_code is not null;
