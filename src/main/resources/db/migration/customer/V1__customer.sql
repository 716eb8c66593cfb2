-- The client's customers. Everything personal is sealed by the vault; what is searched are blind indexes.
create schema customer;
grant usage on schema customer to retainer_rt;

create table customer.customer (
    tenant_id   uuid not null,
    id          uuid not null,
    kind        text not null check (kind in ('PERSON', 'COMPANY')),
    name        bytea not null,
    -- The whole name, for duplicates.
    name_index  bigint not null,
    -- Its parts (characters in pairs, words, pinyin, initials), for search.
    name_parts  int[] not null,
    -- The number the client knows the customer by; not personal by itself.
    reference   text check (length(reference) between 1 and 100),
    -- Unified social credit code of a company; public.
    credit_code text check (credit_code ~ '^[0-9A-Z]{18}$'),
    -- The company a person belongs to.
    company_id  uuid,
    -- The import that brought it, or null.
    batch_id    uuid,
    source      text not null check (length(source) between 1 and 100),
    created_at  timestamptz not null,
    changed_at  timestamptz not null,
    version     int not null default 0,
    primary key (tenant_id, id),
    unique (tenant_id, reference),
    foreign key (tenant_id, company_id) references customer.customer (tenant_id, id)
);
create index customer_by_name on customer.customer (tenant_id, name_index);
create index customer_by_parts on customer.customer using gin (name_parts);
create index customer_by_batch on customer.customer (tenant_id, batch_id, id) where batch_id is not null;
create index customer_by_company on customer.customer (tenant_id, company_id) where company_id is not null;
select platform.guard('customer.customer');

create table customer.contact (
    tenant_id   uuid not null,
    id          uuid not null,
    customer_id uuid not null,
    kind        text not null check (kind in ('PHONE', 'EMAIL', 'ADDRESS', 'WECHAT', 'ID_NUMBER')),
    value       bytea not null,
    value_index bigint not null,
    value_end   bigint,
    label       text check (length(label) between 1 and 50),
    created_at  timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade
);
create index contact_by_customer on customer.contact (tenant_id, customer_id);
create index contact_by_value on customer.contact (tenant_id, value_index);
create index contact_by_end on customer.contact (tenant_id, value_end) where value_end is not null;
select platform.guard('customer.contact');

create table customer.tag (
    tenant_id   uuid not null,
    customer_id uuid not null,
    tag         text not null check (length(tag) between 1 and 50),
    primary key (tenant_id, customer_id, tag),
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade
);
create index tag_by_tag on customer.tag (tenant_id, tag, customer_id);
select platform.guard('customer.tag');

-- What a client wants to know besides.
create table customer.field (
    tenant_id uuid not null,
    id        uuid not null,
    key       text not null check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
    label     text not null check (length(label) between 1 and 60),
    type      text not null check (type in ('TEXT', 'NUMBER', 'DATE', 'FLAG')),
    -- Says something about a person that must be sealed.
    personal  boolean not null,
    primary key (tenant_id, id),
    unique (tenant_id, key)
);
select platform.guard('customer.field');

create table customer.field_value (
    tenant_id   uuid not null,
    id          uuid not null,
    customer_id uuid not null,
    field_id    uuid not null,
    -- The value in a form that compares as text: numbers and dates too; null when it is sealed.
    plain       text check (length(plain) between 1 and 500),
    sealed      bytea,
    sealed_index bigint,
    primary key (tenant_id, id),
    unique (tenant_id, customer_id, field_id),
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade,
    foreign key (tenant_id, field_id) references customer.field (tenant_id, id),
    check ((plain is null) = (sealed is not null))
);
create index field_value_by_plain on customer.field_value (tenant_id, field_id, plain) where plain is not null;
create index field_value_by_index on customer.field_value (tenant_id, field_id, sealed_index)
    where sealed_index is not null;
select platform.guard('customer.field_value');

-- Given and withdrawn, per purpose and channel; the latest counts. Never rewritten.
create table customer.consent (
    tenant_id   uuid not null,
    id          uuid not null,
    customer_id uuid not null,
    purpose     text not null check (purpose in ('SERVICE', 'MARKETING', 'SURVEY', 'RECOMMENDATION', 'ANALYSIS')),
    channel     text not null check (channel in ('PHONE', 'SMS', 'EMAIL', 'WECHAT', 'POST', 'ANY')),
    granted     boolean not null,
    -- How it is proved, and the sealed proof: the words shown, the call, the form.
    proof_kind  text not null check (proof_kind in ('FORM', 'CALL', 'MESSAGE', 'PAPER', 'IMPORT')),
    proof       bytea not null,
    happened_at timestamptz not null,
    recorded_at timestamptz not null,
    actor       uuid,
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade
);
create index consent_by_customer on customer.consent (tenant_id, customer_id, purpose, channel, id);
select platform.guard('customer.consent', 'insert only');
grant update (proof) on customer.consent to retainer_rt;

-- One file, or one call of the API.
create table customer.batch (
    tenant_id    uuid not null,
    id           uuid not null,
    contract_id  uuid not null,
    format       text not null check (format in ('CSV', 'JSONL', 'XLSX', 'VCARD')),
    charset      text not null,
    delimiter    text not null check (length(delimiter) = 1),
    -- The headings, or made-up ones when the file has none.
    header       text[] not null,
    has_header   boolean not null,
    mapping      text[] not null,
    -- Who supplied it, on what ground and for what it may be used (PIPL 13, 17, 23).
    source       text check (length(source) between 1 and 100),
    supplier     text check (length(supplier) between 1 and 100),
    lawful_basis text check (lawful_basis in ('CONSENT', 'CONTRACT', 'LEGAL_DUTY', 'PUBLIC', 'OTHER')),
    purpose      text check (purpose in ('SERVICE', 'MARKETING', 'SURVEY', 'RECOMMENDATION', 'ANALYSIS')),
    state        text not null check (state in
        ('UPLOADING', 'UPLOADED', 'RUNNING', 'CANCELLED', 'DONE', 'FAILED', 'REVERTING', 'REVERTED')),
    -- Why it failed: a message key.
    trouble      text,
    bytes_total  bigint not null check (bytes_total >= 0),
    bytes_done   bigint not null default 0,
    rows_read    bigint not null default 0,
    rows_good    bigint not null default 0,
    rows_bad     bigint not null default 0,
    created_by   uuid not null,
    created_at   timestamptz not null,
    ended_at     timestamptz,
    primary key (tenant_id, id),
    check (state in ('UPLOADING', 'UPLOADED') or (source is not null and supplier is not null
        and lawful_basis is not null and purpose is not null))
);
create index batch_by_time on customer.batch (tenant_id, contract_id, id);
select platform.guard('customer.batch');

-- The uploaded file, sealed piece by piece; gone once the import is through.
create table customer.batch_piece (
    tenant_id uuid not null,
    id        uuid not null,
    batch_id  uuid not null,
    number    int not null check (number >= 0),
    content   bytea not null,
    primary key (tenant_id, id),
    unique (tenant_id, batch_id, number),
    foreign key (tenant_id, batch_id) references customer.batch (tenant_id, id) on delete cascade
);
alter table customer.batch_piece alter column content set storage external;
select platform.guard('customer.batch_piece');

-- Rows that could not be taken, with the reason, for the result file.
create table customer.bad_row (
    tenant_id uuid not null,
    id        uuid not null,
    batch_id  uuid not null,
    row_no    bigint not null,
    reason    text not null,
    arguments text[] not null,
    content   bytea not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, batch_id) references customer.batch (tenant_id, id) on delete cascade
);
create index bad_row_by_batch on customer.bad_row (tenant_id, batch_id, row_no);
select platform.guard('customer.bad_row');

-- How files with the same headings were read last time.
create table customer.mapping (
    tenant_id  uuid not null,
    header     text not null,
    mapping    text[] not null,
    changed_at timestamptz not null,
    primary key (tenant_id, header)
);
select platform.guard('customer.mapping');

-- The customers whose name has all these parts, the newest first. Array operators are not leakproof, so row-level
-- security would keep the index from being used; this looks past it, repeats its condition, and hands out ids.
create function customer.by_name(parts int[], before uuid, most int) returns setof uuid
    language plpgsql stable security definer set search_path = '' as $$
begin
    return query execute
        'select c.id from customer.customer c where c.tenant_id = $1 and c.name_parts @> $2 and c.id < $3
         order by c.tenant_id desc, c.id desc limit $4'
        using nullif(current_setting('app.tenant', true), '')::uuid, parts, before, most;
end $$;
select platform.scan('customer.by_name', 'int[], uuid, int', 'customer.customer',
    array['tenant_id', 'id', 'name_parts']);
