-- How sure the foreseen figures of a customer are. The intervals (95 %) are for the expectation, the ranges for what the customer
-- himself may do, nine times out of ten; null where nothing of use can be said. Amounts are fen.
alter table customer.value_scored
    add column expected_low double precision,
    add column expected_high double precision,
    add column purchases_low integer,
    add column purchases_high integer,
    add column worth_low bigint,
    add column worth_high bigint,
    add column brings_low bigint,
    add column brings_high bigint;

create or replace view customer.value_score with (security_invoker = true) as
    select s.tenant_id, s.customer_id, s.recency, s.frequency, s.monetary, s.days, s.purchases, s.spent, s.alive, s.expected,
        s.worth, s.expected_low, s.expected_high, s.purchases_low, s.purchases_high, s.worth_low, s.worth_high, s.brings_low,
        s.brings_high
    from customer.scoring k join customer.value_scored s on s.tenant_id = k.tenant_id and s.run_id = k.run_id
    where k.kind = 'VALUE';
