-- Breach cases (state-machines.md §3.11): one row a case, what was found for each element, each proposal as it was signed, and
-- what is owed by it.
create schema liability;
grant usage on schema liability to retainer_rt;

create table liability.breach_case (
    tenant_id        uuid not null,
    id               uuid not null,
    contract_id      uuid not null,
    contract_version int not null check (contract_version > 0),
    serial           int not null check (serial > 0),
    rule             text not null check (rule in ('QUALITY', 'LEAK', 'TECHNICAL_OUTAGE', 'BAD_ADVICE', 'WRONG_DATA',
        'POOR_EVENT', 'OTHER')),
    state            text not null check (state in ('EVIDENCE', 'DISMISSED', 'DEFENCE', 'APPORTION', 'PROPOSED', 'AGREED',
        'DISPUTED', 'SETTLED')),
    claimant         text not null check (claimant in ('CLIENT', 'PROVIDER')),
    happened_on      date not null,
    known_on         date not null check (known_on >= happened_on),
    words            text not null check (length(words) between 1 and 2000),
    third_name       text check (length(third_name) between 1 and 200),
    answer_due       timestamptz,
    defence          text check (defence in ('NONE', 'FORCE_MAJEURE', 'COUNTER_PERFORMANCE', 'CONTRIBUTION', 'THIRD_CAUSE',
        'WAIVED', 'LIMITATION')),
    answer           text check (length(answer) between 1 and 2000),
    round            int not null check (round >= 0),
    proposed_by      text check (proposed_by in ('CLIENT', 'PROVIDER')),
    hash             text check (hash ~ '^[0-9a-f]{64}$'),
    filed_by         uuid,
    filed_at         timestamptz not null,
    version          int not null,
    primary key (tenant_id, id),
    unique (tenant_id, contract_id, serial),
    check ((round = 0) = (hash is null) and (round = 0) = (proposed_by is null))
);
select platform.guard('liability.breach_case');

create table liability.element (
    tenant_id uuid not null,
    case_id   uuid not null,
    element   text not null check (element ~ '^[A-Z_]+$'),
    -- SHA-256 of what proves it; none when it stays unproven.
    evidence  text check (evidence ~ '^[0-9a-f]{64}$'),
    found_by  uuid,
    found_at  timestamptz not null,
    primary key (tenant_id, case_id, element),
    foreign key (tenant_id, case_id) references liability.breach_case (tenant_id, id)
);
select platform.guard('liability.element');

-- Each proposal with the facts it was made of: the amount can be worked out again at any time.
create table liability.proposal (
    tenant_id          uuid not null,
    case_id            uuid not null,
    round              int not null check (round > 0),
    party              text not null check (party in ('CLIENT', 'PROVIDER')),
    loss_fen           bigint not null check (loss_fen > 0),
    avoidable_fen      bigint not null check (avoidable_fen >= 0),
    benefit_fen        bigint not null check (benefit_fen >= 0),
    contribution       numeric(5, 2) not null check (contribution between 0 and 100),
    foreseeable_fen    bigint check (foreseeable_fen >= 0),
    at_risk_fen        bigint not null check (at_risk_fen >= 0),
    -- Weight and due part of each missed level, in per cent, alternating.
    credits            numeric(5, 2)[] not null,
    introduced_by      text check (introduced_by in ('CLIENT', 'PROVIDER')),
    signed_with_client boolean not null,
    third_cap_fen      bigint check (third_cap_fen >= 0),
    uncapped           boolean not null,
    -- Agreed shares of client, provider and third party; none when those of the rule hold.
    weights            int[] check (cardinality(weights) = 3),
    fees_paid_fen      bigint not null check (fees_paid_fen >= 0),
    pay_days           int not null check (pay_days between 1 and 365),
    content            text not null,
    hash               text not null check (hash ~ '^[0-9a-f]{64}$'),
    proposed_by        uuid,
    proposed_at        timestamptz not null,
    primary key (tenant_id, case_id, round),
    foreign key (tenant_id, case_id) references liability.breach_case (tenant_id, id)
);
select platform.guard('liability.proposal', 'insert only');

create table liability.claim (
    tenant_id  uuid not null,
    id         uuid not null,
    case_id    uuid not null,
    position   int not null check (position > 0),
    debtor     text not null check (debtor in ('CLIENT', 'PROVIDER', 'THIRD_PARTY')),
    creditor   text not null check (creditor in ('CLIENT', 'PROVIDER') and creditor <> debtor),
    kind       text not null check (kind in ('DAMAGES', 'RECOURSE', 'SERVICE_CREDIT')),
    amount_fen bigint not null check (amount_fen > 0),
    due_on     date not null,
    duty_id    uuid not null,
    paid_at    timestamptz,
    reference  text check (length(reference) between 1 and 100),
    primary key (tenant_id, id),
    unique (tenant_id, case_id, position),
    foreign key (tenant_id, case_id) references liability.breach_case (tenant_id, id),
    check ((paid_at is null) = (reference is null))
);
select platform.guard('liability.claim');
