-- What customers did besides buying: visits, sign-ins, calls… in the client's own words for it; nothing personal.
create table customer.event (
    tenant_id   uuid not null,
    id          uuid not null,
    customer_id uuid not null,
    -- The client's number of the event, or one made of what it says: the same number again is the same event.
    number      text not null check (length(number) between 1 and 100),
    kind        text not null check (length(kind) between 1 and 40),
    happened_at timestamptz not null,
    recorded_at timestamptz not null,
    primary key (tenant_id, id),
    unique (tenant_id, number),
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade
);
create index event_by_customer on customer.event (tenant_id, customer_id, happened_at);
create index event_by_kind on customer.event (tenant_id, kind, happened_at, customer_id);
select platform.guard('customer.event');
