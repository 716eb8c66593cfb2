-- Groups of customers: by a rule that is asked anew each time, or a list kept by hand; and what was given out of them.

create table customer.segment (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    name        text not null check (length(name) between 1 and 60),
    -- Whoever fits this now; null for a list.
    rule        jsonb,
    made_by     uuid not null,
    made_at     timestamptz not null,
    changed_at  timestamptz not null,
    version     int not null default 0,
    primary key (tenant_id, id),
    unique (tenant_id, name)
);
select platform.guard('customer.segment');

-- Who is on a list. Two rows may name one customer after a merge, so that an undone merge finds both again.
create table customer.segment_member (
    tenant_id   uuid not null,
    id          uuid not null,
    segment_id  uuid not null,
    customer_id uuid not null,
    added_by    uuid not null,
    added_at    timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, segment_id) references customer.segment (tenant_id, id) on delete cascade,
    foreign key (tenant_id, customer_id) references customer.customer (tenant_id, id) on delete cascade
);
create index segment_member_by_segment on customer.segment_member (tenant_id, segment_id, customer_id);
create index segment_member_by_customer on customer.segment_member (tenant_id, customer_id);
select platform.guard('customer.segment_member');

-- Lists of customers that left the house, or were asked for. Outlives the segment; never deleted.
create table customer.export (
    tenant_id       uuid not null,
    id              uuid not null,
    contract_id     uuid not null,
    -- Printed in every row of the file.
    number          int not null check (number > 0),
    segment_id      uuid not null,
    segment_name    text not null,
    -- What was permitted: a later version must be asked for anew.
    segment_version int not null,
    masked          boolean not null,
    purpose         text not null check (purpose in ('SERVICE', 'MARKETING', 'SURVEY', 'RECOMMENDATION', 'ANALYSIS')),
    reason          bytea not null,
    customers       bigint not null check (customers >= 0),
    state           text not null check (state in ('ASKED', 'PERMITTED', 'DENIED', 'HANDED')),
    asked_by        uuid not null,
    asked_at        timestamptz not null,
    decided_by      uuid,
    decided_at      timestamptz,
    handed_at       timestamptz,
    primary key (tenant_id, id),
    unique (tenant_id, number),
    -- Nobody permits what he asked for himself.
    check (decided_by <> asked_by),
    check ((decided_by is null) = (decided_at is null)),
    check ((state = 'HANDED') = (handed_at is not null)),
    check (case state when 'ASKED' then decided_by is null and not masked
        when 'HANDED' then masked or decided_by is not null
        else decided_by is not null and not masked end)
);
create index export_by_contract on customer.export (tenant_id, contract_id, id);
select platform.guard('customer.export', 'insert only');
grant update (state, decided_by, decided_at, handed_at, reason) on customer.export to retainer_rt;

create index consent_by_purpose on customer.consent (tenant_id, purpose, channel, customer_id);
create index purchase_by_day on customer.purchase (tenant_id, ordered_on, customer_id) include (amount);
