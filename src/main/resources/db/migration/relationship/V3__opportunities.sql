-- What customers may buy: stages, amounts in fen, and how long each stage took. A title names goods, never a person.
create table relationship.opportunity (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    customer_id uuid not null,
    number      int not null,
    title       text not null check (length(title) between 1 and 120),
    amount_fen  bigint not null check (amount_fen >= 0),
    stage       text not null check (stage in ('CONTACT', 'NEED', 'OFFER', 'NEGOTIATION', 'WON', 'LOST')),
    stage_since timestamptz not null,
    expected_on date not null,
    -- Null while the customer lies in the pool.
    agent_id    uuid,
    lost_reason text check (lost_reason in ('PRICE', 'COMPETITOR', 'NO_NEED', 'NO_BUDGET', 'TIMING', 'NO_ANSWER', 'OTHER')),
    created_at  timestamptz not null,
    ended_at    timestamptz,
    version     int not null,
    primary key (tenant_id, id),
    unique (tenant_id, contract_id, number),
    check ((stage = 'LOST') = (lost_reason is not null)),
    check ((stage in ('WON', 'LOST')) = (ended_at is not null))
);
create index opportunity_by_month on relationship.opportunity (tenant_id, contract_id, expected_on) where ended_at is null;
create index opportunity_of_customer on relationship.opportunity (tenant_id, contract_id, customer_id, number desc);
select platform.guard('relationship.opportunity');

-- Every stay in a stage; an open one has no end. From this the dwell times are told.
create table relationship.opportunity_stay (
    tenant_id      uuid not null,
    opportunity_id uuid not null,
    position       int not null,
    stage          text not null check (stage in ('CONTACT', 'NEED', 'OFFER', 'NEGOTIATION', 'WON', 'LOST')),
    since          timestamptz not null,
    amount_fen     bigint not null,
    actor          uuid,
    primary key (tenant_id, opportunity_id, position),
    foreign key (tenant_id, opportunity_id) references relationship.opportunity (tenant_id, id)
);
select platform.guard('relationship.opportunity_stay', 'insert only');

-- How likely each open stage leads to a sale, in percent, as the provider's lead has set it; without a row the platform's.
create table relationship.odds (
    tenant_id   uuid not null,
    contract_id uuid not null,
    contact     int not null check (contact between 0 and 100),
    need        int not null check (need between 0 and 100),
    offer       int not null check (offer between 0 and 100),
    negotiation int not null check (negotiation between 0 and 100),
    primary key (tenant_id, contract_id)
);
select platform.guard('relationship.odds');

-- Who referred whom; a customer is referred by one.
create table relationship.referral (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    referrer_id uuid not null,
    referred_id uuid not null,
    actor       uuid,
    happened_at timestamptz not null,
    primary key (tenant_id, id),
    unique (tenant_id, contract_id, referred_id),
    check (referrer_id <> referred_id)
);
create index referral_by_referrer on relationship.referral (tenant_id, contract_id, referrer_id);
select platform.guard('relationship.referral');
