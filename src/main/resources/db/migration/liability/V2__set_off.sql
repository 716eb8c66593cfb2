-- A claim, or a part of it, that its creditor set off against an instalment by a notice (G-41, Civil Code 568).
create table liability.set_off (
    tenant_id    uuid not null,
    id           uuid not null,
    claim_id     uuid not null,
    -- The act of billing, which the notice is about.
    act_id       uuid not null,
    instalment   int not null check (instalment > 0),
    amount_fen   bigint not null check (amount_fen > 0),
    declared_by  uuid not null,
    declared_at  timestamptz not null,
    -- The debtor denies that it may be set off; what follows is a dispute (I-6.1).
    contested_at timestamptz,
    contested    text check (length(contested) between 1 and 2000),
    primary key (tenant_id, id),
    unique (tenant_id, act_id),
    foreign key (tenant_id, claim_id) references liability.claim (tenant_id, id),
    check ((contested_at is null) = (contested is null))
);
create index set_off_of_claim on liability.set_off (tenant_id, claim_id);
select platform.guard('liability.set_off');
