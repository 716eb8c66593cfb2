create schema contract;
grant usage on schema contract to retainer_rt;

-- A contract between two organisations. The tenant is the client organisation, whose customers' data it is about.
create table contract.contract (
    tenant_id             uuid not null,
    id                    uuid not null,
    title                 text not null check (length(title) <= 200),
    client_organisation   uuid not null,
    provider_organisation uuid not null,
    state                 text not null check (state in
        ('DRAFT', 'PENDING_SIGN', 'EFFECTIVE', 'ACTIVE', 'SUSPENDED', 'VOID')),
    number                int not null check (number >= 1),
    version_id            uuid not null,
    hash                  text check (hash ~ '^[0-9a-f]{64}$'),
    submitted_at          timestamptz,
    effective_at          timestamptz,
    cleared_at            timestamptz,
    started_at            timestamptz,
    suspended_at          timestamptz,
    starts_on             date,
    ends_on               date,
    -- When the passing of time has something to say: a signing that expires, a term that starts.
    look_at               timestamptz,
    version               int not null default 0,
    primary key (tenant_id, id),
    check (client_organisation = tenant_id),
    check (client_organisation <> provider_organisation),
    check ((hash is not null) = (submitted_at is not null)),
    check (state <> 'PENDING_SIGN' or hash is not null),
    check ((effective_at is not null) = (state in ('EFFECTIVE', 'ACTIVE', 'SUSPENDED'))),
    check (state not in ('ACTIVE', 'SUSPENDED') or started_at is not null),
    check (state <> 'SUSPENDED' or suspended_at is not null)
);
create index contract_by_client on contract.contract (client_organisation);
create index contract_by_provider on contract.contract (provider_organisation);
create index contract_by_look on contract.contract (look_at) where look_at is not null;
select platform.guard('contract.contract');

-- The words of one version; never changed once submitted. What the importer found stands beside the untouched original.
create table contract.version (
    tenant_id      uuid not null,
    contract_id    uuid not null,
    number         int not null check (number >= 1),
    id             uuid not null,
    original       text not null,
    text           text not null,
    findings       text not null,
    markers_struck boolean not null default false,
    created_at     timestamptz not null,
    hash           text check (hash ~ '^[0-9a-f]{64}$'),
    effective_at   timestamptz check (effective_at is null or hash is not null),
    primary key (tenant_id, contract_id, number),
    unique (tenant_id, id),
    foreign key (tenant_id, contract_id) references contract.contract
);
select platform.guard('contract.version');

create table contract.clause (
    tenant_id     uuid not null,
    contract_id   uuid not null,
    number        int not null,
    clause        text not null,
    original      text not null,
    text          text not null,
    starts_at     int not null,
    reconstructed boolean not null,
    inferred      boolean not null,
    cut_off       boolean not null,
    primary key (tenant_id, contract_id, number, clause),
    foreign key (tenant_id, contract_id, number) references contract.version
);
select platform.guard('contract.clause', 'insert only');

create table contract.term (
    tenant_id             uuid not null,
    contract_id           uuid not null,
    number                int not null,
    key                   text not null,
    reading               text not null check (reading in ('KNOWN', 'BLANK', 'UNREAD')),
    value                 text check ((value is not null) = (reading = 'KNOWN')),
    source                text not null check (source in
        ('MAIN_TEXT', 'ANNEX', 'AMENDMENT', 'PLATFORM_DEFAULT', 'ENTERED')),
    original              text,
    passage               text,
    passage_at            int,
    reconstructed         boolean,
    confirmed_by_client   boolean not null default false,
    confirmed_by_provider boolean not null default false,
    -- The lock version of the contract at which it was last changed: tells a latecomer what changed meanwhile.
    changed_at            int not null,
    primary key (tenant_id, contract_id, number, key),
    foreign key (tenant_id, contract_id, number) references contract.version,
    check (value is not null or not (confirmed_by_client or confirmed_by_provider))
);
select platform.guard('contract.term');

-- One signature of each party under one version: a new version has none.
create table contract.signature (
    tenant_id   uuid not null,
    contract_id uuid not null,
    number      int not null,
    party       text not null check (party in ('CLIENT', 'PROVIDER')),
    hash        text not null check (hash ~ '^[0-9a-f]{64}$'),
    mode        text not null check (mode in ('SEAL', 'AUTHORISED_SIGNATURE', 'SEAL_AND_SIGNATURE')),
    signatory   text not null check (length(signatory) between 1 and 100),
    authority   text not null check (length(authority) between 1 and 500),
    person_id   uuid not null,
    signed_at   timestamptz not null,
    primary key (tenant_id, contract_id, number, party),
    foreign key (tenant_id, contract_id, number) references contract.version
);
select platform.guard('contract.signature', 'insert only');

-- I-7.1a: two counterparts, one for each party.
create table contract.counterpart (
    tenant_id   uuid not null,
    contract_id uuid not null,
    number      int not null,
    copy        int not null check (copy in (1, 2)),
    holder      text not null check (holder in ('CLIENT', 'PROVIDER')),
    medium      text not null check (medium in ('ELECTRONIC', 'PAPER')),
    hash        text not null check (hash ~ '^[0-9a-f]{64}$'),
    issued_at   timestamptz not null,
    primary key (tenant_id, contract_id, number, copy),
    unique (tenant_id, contract_id, number, holder),
    foreign key (tenant_id, contract_id, number) references contract.version
);
select platform.guard('contract.counterpart', 'insert only');

-- Which contracts give these organisations standing; of one contract only, when it is named.
create function contract.engagements(organisations uuid[], wanted uuid)
    returns table (tenant_id uuid, contract_id uuid, organisation uuid, party text)
    language sql stable security definer set search_path = '' as $$
    select c.tenant_id, c.id, c.client_organisation, 'CLIENT' from contract.contract c
    where c.client_organisation = any (organisations) and (wanted is null or c.id = wanted)
    union all
    select c.tenant_id, c.id, c.provider_organisation, 'PROVIDER' from contract.contract c
    where c.provider_organisation = any (organisations) and (wanted is null or c.id = wanted)
$$;
select platform.scan('contract.engagements', 'uuid[], uuid', 'contract.contract',
    array['tenant_id', 'id', 'client_organisation', 'provider_organisation']);

-- Contracts about which the passing of time has something to say, the oldest first.
create function contract.due(now timestamptz, most int)
    returns table (tenant_id uuid, id uuid)
    language sql stable security definer set search_path = '' as $$
    select c.tenant_id, c.id from contract.contract c where c.look_at <= now order by c.look_at, c.id limit most
$$;
select platform.scan('contract.due', 'timestamptz, int', 'contract.contract', array['tenant_id', 'id', 'look_at']);
