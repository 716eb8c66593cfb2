-- All customers are scored some thousand a transaction; what is shown is the last scoring that is complete.

-- Which run that is, by kind.
create table customer.scoring (
    tenant_id uuid not null,
    kind      text not null check (kind in ('VALUE', 'CHURN')),
    run_id    uuid not null,
    primary key (tenant_id, kind)
);
select platform.guard('customer.scoring');

alter table customer.value_score no force row level security;
alter table customer.churn_score no force row level security;
alter table customer.analysis no force row level security;
alter table customer.scoring no force row level security;

alter table customer.value_score rename to value_scored;
alter table customer.churn_score rename to churn_scored;
alter table customer.value_scored add column run_id uuid;
alter table customer.churn_scored add column run_id uuid;

insert into customer.scoring (tenant_id, kind, run_id)
select distinct on (tenant_id, kind) tenant_id, kind, id from customer.analysis where state = 'DONE'
order by tenant_id, kind, id desc;
update customer.value_scored s set run_id = k.run_id from customer.scoring k
where k.tenant_id = s.tenant_id and k.kind = 'VALUE';
update customer.churn_scored s set run_id = k.run_id from customer.scoring k
where k.tenant_id = s.tenant_id and k.kind = 'CHURN';
delete from customer.value_scored where run_id is null;
delete from customer.churn_scored where run_id is null;

alter table customer.value_scored alter column run_id set not null,
    drop constraint value_score_pkey, add primary key (tenant_id, run_id, customer_id);
alter table customer.churn_scored alter column run_id set not null,
    drop constraint churn_score_pkey, add primary key (tenant_id, run_id, customer_id);
-- For the customer's page, and when a customer is removed.
create index value_scored_by_customer on customer.value_scored (tenant_id, customer_id);
create index churn_scored_by_customer on customer.churn_scored (tenant_id, customer_id);
drop index customer.churn_score_by_risk;
create index churn_scored_by_risk on customer.churn_scored (tenant_id, run_id, risk desc, customer_id desc);

alter table customer.value_scored force row level security;
alter table customer.churn_scored force row level security;
alter table customer.analysis force row level security;
alter table customer.scoring force row level security;

create view customer.value_score with (security_invoker = true) as
    select s.tenant_id, s.customer_id, s.recency, s.frequency, s.monetary, s.days, s.purchases, s.spent, s.alive, s.expected,
        s.worth
    from customer.scoring k join customer.value_scored s on s.tenant_id = k.tenant_id and s.run_id = k.run_id
    where k.kind = 'VALUE';
create view customer.churn_score with (security_invoker = true) as
    select s.tenant_id, s.customer_id, s.risk, s.reasons
    from customer.scoring k join customer.churn_scored s on s.tenant_id = k.tenant_id and s.run_id = k.run_id
    where k.kind = 'CHURN';
grant select on customer.value_score, customer.churn_score to retainer_rt;

-- How far a run has come with its scores, so that one that was interrupted goes on behind them.
alter table customer.analysis add column scoring jsonb;
