-- Of whom it is known whether they left. The latest word counts; a merged customer has the words about both.
create table customer.churn_label (
    tenant_id   uuid not null,
    id          uuid not null,
    customer_id uuid not null,
    gone        boolean not null,
    -- The day they left, where it is known.
    gone_on     date,
    -- The day on which this was so.
    seen_on     date not null,
    recorded_at timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade,
    check (gone or gone_on is null),
    check (gone_on <= seen_on)
);
create index churn_label_by_customer on customer.churn_label (tenant_id, customer_id, seen_on, id);
select platform.guard('customer.churn_label');

-- The risk of each customer who has not left, from the latest analysis of churn, and which fields push it.
create table customer.churn_score (
    tenant_id   uuid not null,
    customer_id uuid not null,
    risk        double precision not null check (risk between 0 and 1),
    reasons     jsonb not null,
    primary key (tenant_id, customer_id),
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade
);
create index churn_score_by_risk on customer.churn_score (tenant_id, risk desc, customer_id desc);
select platform.guard('customer.churn_score');
