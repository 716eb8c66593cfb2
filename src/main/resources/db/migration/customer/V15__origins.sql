-- Where a value comes from, on what ground and for what it may be used (PIPL 13, 17, 23). A value without an origin of its own
-- has that of its customer; a customer that an import brought has that of the import, which may differ by field.
create table customer.origin (
    tenant_id    uuid not null,
    id           uuid not null,
    source       text not null check (length(source) between 1 and 100),
    supplier     text check (length(supplier) between 1 and 100),
    lawful_basis text check (lawful_basis in ('CONSENT', 'CONTRACT', 'LEGAL_DUTY', 'PUBLIC', 'OTHER')),
    purpose      text check (purpose in ('SERVICE', 'MARKETING', 'SURVEY', 'RECOMMENDATION', 'ANALYSIS')),
    -- The import that brought it; then the import says the rest.
    batch_id     uuid,
    primary key (tenant_id, id),
    unique nulls not distinct (tenant_id, source, supplier, lawful_basis, purpose, batch_id)
);
select platform.guard('customer.origin');

alter table customer.customer add column origin_id uuid;
-- Of a name that a merge took from the other record.
alter table customer.customer add column name_origin_id uuid;
alter table customer.contact add column origin_id uuid;
alter table customer.field_value add column origin_id uuid;

-- Where fields of an import have another ground than the rest of it, by field.
alter table customer.batch add column field_grounds jsonb not null default '{}';
