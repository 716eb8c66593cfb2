-- What was found out about all customers of a client, with the data it stands on, so that a page need not compute it again.
create table customer.analysis (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    kind        text not null check (kind in ('VALUE', 'CHURN')),
    -- What was asked for, such as what counts as having left.
    settings    jsonb not null default '{}',
    state       text not null check (state in ('RUNNING', 'DONE', 'FAILED')),
    percent     int not null default 0 check (percent between 0 and 100),
    -- Tells whether the data have changed since.
    data_state  text not null,
    report      jsonb,
    started_by  uuid not null,
    started_at  timestamptz not null,
    ended_at    timestamptz,
    primary key (tenant_id, id),
    check ((state = 'RUNNING') = (ended_at is null)),
    check ((state = 'DONE') = (report is not null))
);
create unique index analysis_running on customer.analysis (tenant_id, kind) where state = 'RUNNING';
create index analysis_newest on customer.analysis (tenant_id, kind, id desc);
select platform.guard('customer.analysis');

-- Of each customer, from the latest analysis of value.
create table customer.value_score (
    tenant_id   uuid not null,
    customer_id uuid not null,
    -- 1 to 5, 5 being best; null when there are too few customers to say.
    recency     smallint check (recency between 1 and 5),
    frequency   smallint check (frequency between 1 and 5),
    monetary    smallint check (monetary between 1 and 5),
    days        int not null,
    purchases   int not null,
    -- Fen.
    spent       bigint not null,
    -- Of the next 52 weeks; null when the models cannot say.
    alive       double precision check (alive between 0 and 1),
    expected    double precision,
    worth       bigint,
    primary key (tenant_id, customer_id),
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade
);
select platform.guard('customer.value_score');
