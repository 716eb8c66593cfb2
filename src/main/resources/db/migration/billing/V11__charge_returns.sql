-- Money for a charge that the bank took back after all.
alter table billing.charge_payment
    add column returned_at        timestamptz,
    add column return_reason      text check (length(return_reason) between 1 and 2000),
    add column return_recorded_at timestamptz,
    add column returned_by        uuid,
    add check (num_nulls(returned_at, return_reason, return_recorded_at, returned_by) in (0, 4)),
    add check (returned_at >= credited_at);

-- Receipts for such money: the first one, and those that stand for one that was replaced.
create table billing.charge_receipt (
    tenant_id   uuid not null,
    id          uuid not null,
    payment_id  uuid not null,
    provider_id uuid not null,
    number      bigint not null check (number > 0),
    words       text not null,
    payer       text not null,
    payee       text not null,
    hash        text not null,
    replaces    uuid,
    reason      text check (length(reason) between 1 and 2000),
    issued_at   timestamptz not null,
    issued_by   uuid not null,
    primary key (tenant_id, id),
    unique (tenant_id, provider_id, number),
    unique (tenant_id, replaces),
    foreign key (tenant_id, payment_id) references billing.charge_payment (tenant_id, id),
    foreign key (tenant_id, replaces) references billing.charge_receipt (tenant_id, id),
    check ((replaces is null) = (reason is null))
);
create unique index charge_receipt_first on billing.charge_receipt (tenant_id, payment_id) where replaces is null;
select platform.guard('billing.charge_receipt', 'insert only');

alter table billing.charge_payment no force row level security;
alter table billing.charge_receipt no force row level security;
insert into billing.charge_receipt (tenant_id, id, payment_id, provider_id, number, words, payer, payee, hash, issued_at,
    issued_by)
select tenant_id, receipt_id, id, receipt_provider, receipt_number, receipt_words, receipt_payer, receipt_payee, receipt_hash,
    receipt_at, receipt_by
from billing.charge_payment where receipt_id is not null;
alter table billing.charge_payment force row level security;
alter table billing.charge_receipt force row level security;

alter table billing.charge_payment
    drop column receipt_id, drop column receipt_provider, drop column receipt_number, drop column receipt_words,
    drop column receipt_payer, drop column receipt_payee, drop column receipt_hash, drop column receipt_at,
    drop column receipt_by;
