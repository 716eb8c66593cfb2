-- How good the data is: one row for each field of all customers, of a source and of an import, each time it is measured.
create table customer.quality (
    tenant_id   uuid not null,
    id          uuid not null,
    measured_at timestamptz not null,
    scope       text not null check (scope in ('ALL', 'SOURCE', 'BATCH', 'WORK')),
    -- The source, or the id of the import.
    scope_of    text,
    -- A kind of contact, REFERENCE, FIELD:key, or what is to be done.
    field       text not null,
    customers   bigint not null,
    filled      bigint not null,
    refused     bigint not null,
    held        bigint not null,
    shared      bigint not null,
    fresh       bigint not null,
    primary key (tenant_id, id)
);
create index quality_by_time on customer.quality (tenant_id, measured_at desc);
select platform.guard('customer.quality');

-- The same upload sent twice, by the key its sender gave it.
alter table customer.batch add column request_key text check (length(request_key) between 1 and 200);
create unique index batch_by_request on customer.batch (tenant_id, contract_id, request_key)
    where request_key is not null and state <> 'UPLOADING';
