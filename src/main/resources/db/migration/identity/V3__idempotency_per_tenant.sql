-- A key belongs to a person within a tenant: the same key for two clients means two calls. Earlier keys do not say for
-- which tenant they were used and cannot be carried over; a call made before and repeated after counts as new.
drop table identity.idempotency;

create table identity.idempotency (
    tenant_id    uuid not null,
    person_id    uuid not null,
    key          text not null check (length(key) between 1 and 200),
    request_hash text not null,
    body         text,
    created_at   timestamptz not null,
    primary key (tenant_id, person_id, key)
);
create index idempotency_by_age on identity.idempotency (tenant_id, created_at);

select platform.guard('identity.idempotency');
