-- Money that came in for a charge paid by itself, in one sum or in parts, and the receipt for each.
create table billing.charge_payment (
    tenant_id        uuid not null,
    id               uuid not null,
    charge_id        uuid not null,
    amount_fen       bigint not null check (amount_fen > 0),
    credited_at      timestamptz not null,
    reference        text not null check (length(reference) between 1 and 100),
    recorded_at      timestamptz not null,
    recorded_by      uuid not null,
    receipt_id       uuid,
    receipt_provider uuid,
    receipt_number   bigint check (receipt_number > 0),
    receipt_words    text,
    receipt_payer    text,
    receipt_payee    text,
    receipt_hash     text,
    receipt_at       timestamptz,
    receipt_by       uuid,
    primary key (tenant_id, id),
    unique (tenant_id, reference),
    unique (tenant_id, receipt_id),
    unique (tenant_id, receipt_provider, receipt_number),
    foreign key (tenant_id, charge_id) references billing.charge,
    check (num_nulls(receipt_id, receipt_provider, receipt_number, receipt_words, receipt_payer, receipt_payee, receipt_hash,
        receipt_at, receipt_by) in (0, 9))
);
create index charge_payment_of_charge on billing.charge_payment (tenant_id, charge_id, credited_at);
select platform.guard('billing.charge_payment');

-- What was paid in one sum before.
alter table billing.charge no force row level security;
alter table billing.charge_payment no force row level security;
insert into billing.charge_payment (tenant_id, id, charge_id, amount_fen, credited_at, reference, recorded_at, recorded_by)
select tenant_id, gen_random_uuid(), id, gross_fen, paid_at, paid_reference, paid_at, paid_by from billing.charge
where paid_at is not null and paid_by is not null;
alter table billing.charge force row level security;
alter table billing.charge_payment force row level security;
