-- What is owed in money and what came of it. Everything here is a fact and is only ever added to; states, amounts open
-- and penalties are computed from the facts and the terms. Only the account (a lock) and bank lines change.
create schema billing;
grant usage on schema billing to retainer_rt;

-- One per contract in force. Its row is locked by whoever is about to decide something about the contract's money.
create table billing.account (
    tenant_id        uuid not null,
    contract_id      uuid not null,
    contract_version int not null check (contract_version > 0),
    -- What payers quote: unique for a tenant, printed on the schedule.
    code             text not null check (code ~ '^[0-9A-Z]{10}$'),
    client_name      text not null,
    provider_name    text not null,
    effective_at     timestamptz not null,
    version          int not null,
    primary key (tenant_id, contract_id),
    unique (tenant_id, code)
);
select platform.guard('billing.account');

create table billing.instalment (
    tenant_id    uuid not null,
    id           uuid not null,
    contract_id  uuid not null,
    number       int not null check (number > 0),
    period_start date not null,
    period_end   date not null check (period_end >= period_start),
    amount_fen   bigint not null check (amount_fen > 0),
    last_day     date not null,
    due_at       timestamptz not null,
    primary key (tenant_id, id),
    unique (tenant_id, contract_id, number),
    foreign key (tenant_id, contract_id) references billing.account
);
select platform.guard('billing.instalment', 'insert only');

create table billing.payment (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    channel     text not null check (channel in ('HAND', 'BANK')),
    -- The bank's number of the transaction, or of the line of its file: the same money is never booked twice.
    reference   text not null check (reference <> ''),
    payer       text not null,
    credited_at timestamptz not null,
    sent_at     timestamptz check (sent_at <= credited_at),
    amount_fen  bigint not null check (amount_fen > 0),
    instalment  int check (instalment > 0),
    towards     text check (towards in ('PRINCIPAL', 'PENALTY')),
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    primary key (tenant_id, id),
    unique (tenant_id, channel, reference),
    foreign key (tenant_id, contract_id) references billing.account,
    check (credited_at <= recorded_at)
);
create index payment_of_contract on billing.payment (tenant_id, contract_id, credited_at);
select platform.guard('billing.payment', 'insert only');

create table billing.payment_return (
    tenant_id   uuid not null,
    payment_id  uuid not null,
    returned_at timestamptz not null,
    reason      text not null check (length(reason) between 1 and 2000),
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    primary key (tenant_id, payment_id),
    foreign key (tenant_id, payment_id) references billing.payment
);
select platform.guard('billing.payment_return', 'insert only');

-- What people did about the money that is not a payment.
create table billing.act (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    kind        text not null check (kind in ('DEMAND_DELIVERED', 'DEMAND_ANSWERED', 'PENALTY_CLAIMED', 'PENALTY_WAIVED',
        'INSTALMENT_WAIVED', 'PART_DISPUTED', 'LOSS_DOCUMENTED', 'SUSPENDED', 'RESUMED')),
    instalment  int check (instalment > 0),
    amount_fen  bigint check (amount_fen >= 0),
    -- The demand that is answered.
    refers_to   uuid,
    words       text check (length(words) between 1 and 2000),
    happened_at timestamptz not null,
    recorded_at timestamptz not null,
    actor       uuid not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, contract_id) references billing.account,
    foreign key (tenant_id, refers_to) references billing.act,
    check ((instalment is null) = (kind in ('SUSPENDED', 'RESUMED', 'DEMAND_ANSWERED'))),
    check ((amount_fen is not null) = (kind in ('PENALTY_CLAIMED', 'PART_DISPUTED', 'LOSS_DOCUMENTED'))),
    check ((refers_to is not null) = (kind = 'DEMAND_ANSWERED')),
    check (happened_at <= recorded_at)
);
create index act_of_contract on billing.act (tenant_id, contract_id, happened_at);
create unique index act_once on billing.act (tenant_id, contract_id, kind, instalment)
    where kind in ('PENALTY_CLAIMED', 'PENALTY_WAIVED', 'INSTALMENT_WAIVED');
create unique index act_answered_once on billing.act (tenant_id, refers_to) where kind = 'DEMAND_ANSWERED';
select platform.guard('billing.act', 'insert only');

-- Numbers receipts without gaps per provider, over all its clients: no tenant, no names, only a count.
create table billing.receipt_series (
    provider_id uuid primary key,
    last_number bigint not null check (last_number > 0)
);
grant select, insert, update on billing.receipt_series to retainer_rt;

create table billing.receipt (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    payment_id  uuid not null,
    provider_id uuid not null,
    number      bigint not null check (number > 0),
    amount_fen  bigint not null check (amount_fen > 0),
    words       text not null,
    payer       text not null,
    payee       text not null,
    -- The receipt it stands for from now on, which is void.
    replaces    uuid,
    reason      text check (length(reason) between 1 and 2000),
    -- SHA-256 of what is printed, in its canonical form.
    hash        text not null check (hash ~ '^[0-9a-f]{64}$'),
    issued_at   timestamptz not null,
    issued_by   uuid not null,
    primary key (tenant_id, id),
    unique (tenant_id, provider_id, number),
    -- One first receipt for a payment, one replacement for a receipt: never two that count.
    unique nulls not distinct (tenant_id, payment_id, replaces),
    foreign key (tenant_id, payment_id) references billing.payment,
    foreign key (tenant_id, replaces) references billing.receipt,
    check ((replaces is null) = (reason is null))
);
create unique index receipt_replaced_once on billing.receipt (tenant_id, replaces) where replaces is not null;
create index receipt_of_contract on billing.receipt (tenant_id, contract_id, number);
select platform.guard('billing.receipt', 'insert only');

-- Double entry: two rows or more per entry that sum to zero, debits positive.
create table billing.posting (
    tenant_id   uuid not null,
    entry_id    uuid not null,
    line        int not null check (line > 0),
    contract_id uuid not null,
    -- 0 for what belongs to no instalment.
    instalment  int not null check (instalment >= 0),
    account     text not null check (account in
        ('BANK', 'RECEIVABLE', 'FEE', 'PENALTY_RECEIVABLE', 'PENALTY_INCOME', 'CLIENT_CREDIT', 'WAIVED')),
    amount_fen  bigint not null check (amount_fen <> 0),
    -- What made it, such as payment/0197….
    cause       text not null,
    recorded_at timestamptz not null,
    primary key (tenant_id, entry_id, line),
    foreign key (tenant_id, contract_id) references billing.account
);
create index posting_of_contract on billing.posting (tenant_id, contract_id, instalment, account);
select platform.guard('billing.posting', 'insert only');

-- The one-year LPR as somebody entered it, with its source.
create table billing.reference_rate (
    tenant_id   uuid not null,
    from_date   date not null,
    percent     text not null check (percent ~ '^[0-9]{1,2}(\.[0-9]{1,4})?$'),
    source      text not null check (length(source) between 1 and 500),
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    primary key (tenant_id, from_date)
);
select platform.guard('billing.reference_rate', 'insert only');

-- Statements of a provider's bank account. Here the tenant is the provider's own organisation: a line belongs to no
-- client before it is matched.
create table billing.bank_file (
    tenant_id   uuid not null,
    id          uuid not null,
    name        text not null,
    hash        text not null check (hash ~ '^[0-9a-f]{64}$'),
    uploaded_at timestamptz not null,
    uploaded_by uuid not null,
    primary key (tenant_id, id),
    unique (tenant_id, hash)
);
select platform.guard('billing.bank_file', 'insert only');

create table billing.bank_line (
    tenant_id   uuid not null,
    id          uuid not null,
    file_id     uuid not null,
    line        int not null,
    -- The bank's own number, or a hash of the line and how many like it came before in its file.
    identity    text not null,
    credited_at timestamptz not null,
    amount_fen  bigint not null check (amount_fen > 0),
    payer       text not null,
    reference   text not null,
    state       text not null check (state in ('UNMATCHED', 'MATCHED', 'SET_ASIDE')),
    reason      text,
    client_tenant uuid,
    contract_id uuid,
    payment_id  uuid,
    version     int not null,
    primary key (tenant_id, id),
    unique (tenant_id, identity),
    foreign key (tenant_id, file_id) references billing.bank_file,
    check ((state = 'MATCHED') = (payment_id is not null)),
    check ((payment_id is null) = (client_tenant is null) and (payment_id is null) = (contract_id is null))
);
create index bank_line_unmatched on billing.bank_line (tenant_id, credited_at, id) where state = 'UNMATCHED';
select platform.guard('billing.bank_line');
