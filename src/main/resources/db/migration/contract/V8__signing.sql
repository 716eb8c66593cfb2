-- When the signatures asked for are no longer waited for.
alter table contract.contract add column sign_by timestamptz check (sign_by is null or submitted_at is not null);

-- One request for signatures under one version: who signs first, until when, when somebody is reminded. What became of it
-- follows from the contract; only a refusal says more than that.
create table contract.signing_round (
    tenant_id    uuid not null,
    contract_id  uuid not null,
    number       int not null,
    sequence     text not null check (sequence in ('PARALLEL', 'CLIENT_FIRST', 'PROVIDER_FIRST')),
    opened_by    text not null check (opened_by in ('CLIENT', 'PROVIDER')),
    opened_at    timestamptz not null,
    last_day     date not null,
    remind_days  int not null check (remind_days between 0 and 30),
    -- The automatic reminder; empty once somebody has taken it, or when there is none.
    remind_at    timestamptz,
    reminded_at  timestamptz,
    -- The day of the latest reminder a person sent.
    nudged_on    date,
    declined_by  text check (declined_by in ('CLIENT', 'PROVIDER')),
    declined_at  timestamptz,
    reason       text check (length(reason) between 1 and 2000),
    -- Who gave the whole contract up, when somebody did.
    rejected_by  text check (rejected_by in ('CLIENT', 'PROVIDER')),
    primary key (tenant_id, contract_id, number),
    foreign key (tenant_id, contract_id, number) references contract.version,
    check ((declined_by is null) = (declined_at is null) and (declined_by is null) = (reason is null)),
    check (remind_at is null or reminded_at is null)
);
create index signing_round_by_reminder on contract.signing_round (remind_at) where remind_at is not null;
select platform.guard('contract.signing_round');

-- Requests for signatures of which somebody is to be reminded, the oldest first.
create function contract.signing_due(now timestamptz, most int)
    returns table (tenant_id uuid, contract_id uuid, number int)
    language sql stable security definer set search_path = '' as $$
    select r.tenant_id, r.contract_id, r.number from contract.signing_round r
    where r.remind_at <= now order by r.remind_at, r.contract_id limit most
$$;
select platform.scan('contract.signing_due', 'timestamptz, int', 'contract.signing_round',
    array['tenant_id', 'contract_id', 'number', 'remind_at']);

-- A company's seals (公章, 合同专用章), each with its keeper. The tenant is the company that owns the seal.
create table contract.seal (
    tenant_id  uuid not null,
    id         uuid not null,
    kind       text not null check (kind in ('COMPANY', 'CONTRACT')),
    name       text not null check (length(name) between 1 and 100),
    keeper     uuid not null,
    granted_at timestamptz not null,
    revoked_at timestamptz,
    version    int not null default 0,
    primary key (tenant_id, id)
);
select platform.guard('contract.seal');

-- What became of a seal, entry by entry; its uses stand beside the signatures, under the client whose contract it was.
create table contract.seal_entry (
    tenant_id uuid not null,
    seal_id   uuid not null,
    serial    int not null check (serial >= 1),
    kind      text not null check (kind in ('GRANTED', 'HANDED_OVER', 'REVOKED')),
    person_id uuid not null,
    keeper    uuid,
    reason    text check (length(reason) between 1 and 500),
    at        timestamptz not null,
    primary key (tenant_id, seal_id, serial),
    foreign key (tenant_id, seal_id) references contract.seal,
    check ((keeper is null) = (kind = 'REVOKED')),
    check (kind = 'GRANTED' or reason is not null)
);
select platform.guard('contract.seal_entry', 'insert only');

create table contract.seal_use (
    tenant_id   uuid not null,
    contract_id uuid not null,
    number      int not null,
    party       text not null check (party in ('CLIENT', 'PROVIDER')),
    seal_id     uuid not null,
    kind        text not null check (kind in ('COMPANY', 'CONTRACT')),
    name        text not null,
    person_id   uuid not null,
    hash        text not null check (hash ~ '^[0-9a-f]{64}$'),
    used_at     timestamptz not null,
    primary key (tenant_id, contract_id, number, party),
    foreign key (tenant_id, contract_id, number) references contract.version
);
create index seal_use_of_seal on contract.seal_use (seal_id, used_at desc);
select platform.guard('contract.seal_use', 'insert only');

-- What proves that a signatory may bind the party: a statement, or a paper. The paper names people, so it is sealed.
create table contract.authority (
    tenant_id   uuid not null,
    contract_id uuid not null,
    number      int not null,
    party       text not null check (party in ('CLIENT', 'PROVIDER')),
    id          uuid not null,
    basis       text not null check (basis in ('POWER_OF_ATTORNEY', 'LEGAL_REPRESENTATIVE')),
    media       text check (media in ('application/pdf', 'image/png', 'image/jpeg')),
    content     bytea,
    hash        text not null check (hash ~ '^[0-9a-f]{64}$'),
    given_at    timestamptz not null,
    primary key (tenant_id, contract_id, number, party),
    unique (tenant_id, id),
    foreign key (tenant_id, contract_id, number) references contract.version,
    check ((media is null) = (content is null))
);
select platform.guard('contract.authority');

-- The signed counterparts as PDF, made once, right after the last signature.
create table contract.counterpart_file (
    tenant_id   uuid not null,
    contract_id uuid not null,
    number      int not null,
    copy        int not null,
    content     bytea,
    hash        text check (hash ~ '^[0-9a-f]{64}$'),
    made_at     timestamptz,
    look_at     timestamptz,
    primary key (tenant_id, contract_id, number, copy),
    foreign key (tenant_id, contract_id, number, copy) references contract.counterpart,
    check ((content is null) = (hash is null) and (content is null) = (made_at is null)),
    check ((content is null) = (look_at is not null))
);
create index counterpart_file_waiting on contract.counterpart_file (look_at) where look_at is not null;
select platform.guard('contract.counterpart_file');

-- Signed contracts whose counterparts are still to be made.
create function contract.unmade(now timestamptz, most int)
    returns table (tenant_id uuid, contract_id uuid, number int)
    language sql stable security definer set search_path = '' as $$
    select f.tenant_id, f.contract_id, f.number from contract.counterpart_file f
    where f.look_at <= now group by 1, 2, 3 order by min(f.look_at) limit most
$$;
select platform.scan('contract.unmade', 'timestamptz, int', 'contract.counterpart_file',
    array['tenant_id', 'contract_id', 'number', 'look_at']);
