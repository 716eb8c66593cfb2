-- With which of its people a call to a company, or a visit there, was.
alter table relationship.touch
    add column person_id uuid,
    add check (person_id is null or kind in ('CALL', 'VISIT'));
grant update (person_id) on relationship.touch to retainer_rt;
create index touch_of_person on relationship.touch (tenant_id, contract_id, person_id, happened_at desc, id desc)
    where person_id is not null;

-- What one customer is to another: read from the first to the second.
create table relationship.tie (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    customer_id uuid not null,
    other_id    uuid not null,
    kind        text not null check (kind in ('PARENT', 'SUPPLIER', 'PARTNER', 'FAMILY', 'DECIDES_FOR', 'OTHER')),
    actor       uuid not null,
    happened_at timestamptz not null,
    primary key (tenant_id, id),
    unique (tenant_id, contract_id, customer_id, other_id, kind),
    check (customer_id <> other_id)
);
create index tie_of_other on relationship.tie (tenant_id, contract_id, other_id);
select platform.guard('relationship.tie');
