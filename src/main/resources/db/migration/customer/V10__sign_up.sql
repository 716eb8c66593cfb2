-- Forms on which people sign up themselves; the id is that of the signed link that opens it.
create table customer.sign_up (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    -- For whom the data is taken, as the form says it.
    who         text not null check (length(who) between 1 and 100),
    taken       bigint not null default 0,
    created_by  uuid not null,
    created_at  timestamptz not null,
    closed_at   timestamptz,
    primary key (tenant_id, id)
);
select platform.guard('customer.sign_up');
