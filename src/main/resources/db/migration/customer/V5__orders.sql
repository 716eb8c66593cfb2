-- What customers bought, for the analysis of their value. Says nothing about what it was.
create table customer.purchase (
    tenant_id   uuid not null,
    id          uuid not null,
    customer_id uuid not null,
    -- The client's number of the order: the same number again is the same order.
    number      text not null check (length(number) between 1 and 100),
    ordered_on  date not null,
    -- Fen; below zero for what came back.
    amount      bigint not null,
    recorded_at timestamptz not null,
    primary key (tenant_id, id),
    unique (tenant_id, number),
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade
);
create index purchase_by_customer on customer.purchase (tenant_id, customer_id, ordered_on);
select platform.guard('customer.purchase');
