-- The rest of a contract's life: endings, notices, amendments, terminations, force majeure.
alter table contract.contract
    add column ground    text check (ground in ('EXPIRED', 'AGREED', 'NON_PAYMENT', 'BREACH', 'FORCE_MAJEURE')),
    -- When the end takes or took effect, once that is fixed.
    add column ending_at timestamptz,
    add column ended_at  timestamptz,
    add column closed_at timestamptz,
    -- Numbers of the services a suspension has frozen.
    add column frozen    text not null default '' check (frozen ~ '^([1-7](,[1-7])*)?$');

alter table contract.contract drop constraint contract_state_check;
alter table contract.contract add constraint contract_state_check check (state in
    ('DRAFT', 'PENDING_SIGN', 'EFFECTIVE', 'ACTIVE', 'SUSPENDED', 'TERMINATING', 'CLOSED', 'VOID'));
-- A table check has no name of its own to drop it by.
do $$
declare
    old text;
begin
    select conname into strict old from pg_catalog.pg_constraint
    where conrelid = 'contract.contract'::regclass and contype = 'c'
    and pg_catalog.pg_get_constraintdef(oid) like '%(effective_at IS NOT NULL)%';
    execute format('alter table contract.contract drop constraint %I', old);
end $$;
alter table contract.contract
    add constraint contract_effective_check check ((effective_at is not null) =
        (state in ('EFFECTIVE', 'ACTIVE', 'SUSPENDED', 'TERMINATING', 'CLOSED'))),
    add constraint contract_ended_check check ((ended_at is not null) = (state in ('TERMINATING', 'CLOSED'))),
    add constraint contract_closed_check check ((closed_at is not null) = (state = 'CLOSED')),
    add constraint contract_ground_check1 check ((ground is null) = (ending_at is null)),
    add constraint contract_frozen_check1 check (frozen = '' or state in ('SUSPENDED', 'TERMINATING', 'CLOSED'));

-- Something one party tells the other that has effect on arrival (G-04).
create table contract.notice (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    kind        text not null check (kind in
        ('DEMAND', 'CURE_DEMAND', 'SUSPENSION', 'TERMINATION', 'SET_OFF', 'FORCE_MAJEURE', 'CONTEST')),
    sender      text not null check (sender in ('CLIENT', 'PROVIDER')),
    clause      text not null,
    -- What it is about, such as instalment/0197….
    about       text not null,
    channel     text not null check (channel in ('PLATFORM', 'EMAIL', 'COURIER', 'BY_HAND')),
    words       text check (length(words) between 1 and 2000),
    -- SHA-256 of what was sent, in its canonical form.
    hash        text not null check (hash ~ '^[0-9a-f]{64}$'),
    sent_at     timestamptz not null,
    sent_by     uuid not null,
    -- In the future where the terms say that a paper arrives some days after it was signed for.
    arrives_at  timestamptz,
    -- SHA-256 of the delivery report, the courier's slip or the record of the platform.
    proof       text check (proof ~ '^[0-9a-f]{64}$'),
    primary key (tenant_id, id),
    foreign key (tenant_id, contract_id) references contract.contract,
    check ((arrives_at is null) = (proof is null)),
    check (arrives_at >= sent_at)
);
create index notice_of_contract on contract.notice (tenant_id, contract_id, sent_at);
select platform.guard('contract.notice');

create table contract.amendment (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    serial      int not null check (serial >= 1),
    kind        text not null check (kind in ('CHANGE', 'EXTENSION', 'EARLY_END')),
    state       text not null check (state in ('DRAFT', 'PROPOSED', 'AGREED', 'REJECTED', 'WITHDRAWN', 'EXPIRED')),
    -- The version it amends.
    base        int not null,
    from_day    date not null,
    reason      text not null check (length(reason) between 1 and 2000),
    drafted_by  text not null check (drafted_by in ('CLIENT', 'PROVIDER')),
    proposed_at timestamptz,
    -- What both sign, line by line, and its SHA-256.
    content     text,
    hash        text check (hash ~ '^[0-9a-f]{64}$'),
    agreed_at   timestamptz,
    -- The version it made.
    number      int,
    version     int not null,
    primary key (tenant_id, id),
    unique (tenant_id, contract_id, serial),
    foreign key (tenant_id, contract_id) references contract.contract,
    check ((hash is null) = (content is null) and (hash is null) = (proposed_at is null)),
    check (state <> 'PROPOSED' or hash is not null),
    check ((agreed_at is not null) = (state = 'AGREED'))
);
select platform.guard('contract.amendment');

create table contract.amendment_term (
    tenant_id    uuid not null,
    amendment_id uuid not null,
    key          text not null,
    value        text not null,
    primary key (tenant_id, amendment_id, key),
    foreign key (tenant_id, amendment_id) references contract.amendment
);
select platform.guard('contract.amendment_term');

create table contract.amendment_signature (
    tenant_id    uuid not null,
    amendment_id uuid not null,
    party        text not null check (party in ('CLIENT', 'PROVIDER')),
    hash         text not null check (hash ~ '^[0-9a-f]{64}$'),
    mode         text not null check (mode in ('SEAL', 'AUTHORISED_SIGNATURE', 'SEAL_AND_SIGNATURE')),
    signatory    text not null check (length(signatory) between 1 and 100),
    authority    text not null check (length(authority) between 1 and 500),
    -- Whether this party wants it to hold for days before it was signed.
    retroactive  boolean not null,
    person_id    uuid not null,
    signed_at    timestamptz not null,
    primary key (tenant_id, amendment_id, party),
    foreign key (tenant_id, amendment_id) references contract.amendment
);
select platform.guard('contract.amendment_signature', 'insert only');

create table contract.termination (
    tenant_id    uuid not null,
    id           uuid not null,
    contract_id  uuid not null,
    ground       text not null check (ground in ('NON_PAYMENT', 'BREACH', 'FORCE_MAJEURE')),
    state        text not null check (state in ('DECLARED', 'EFFECTIVE', 'WITHDRAWN', 'LAPSED')),
    party        text not null check (party in ('CLIENT', 'PROVIDER')),
    -- The demand whose cure period ran out, or the force majeure that lasted too long.
    rests_on     text not null,
    notice_id    uuid not null,
    declared_at  timestamptz not null,
    -- When it took effect: on the arrival of its notice.
    effective_at timestamptz,
    contested_at timestamptz,
    contested    text check (length(contested) between 1 and 2000),
    version      int not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, contract_id) references contract.contract,
    foreign key (tenant_id, notice_id) references contract.notice,
    check ((effective_at is not null) = (state = 'EFFECTIVE'))
);
select platform.guard('contract.termination');

create table contract.force_majeure (
    tenant_id    uuid not null,
    id           uuid not null,
    contract_id  uuid not null,
    party        text not null check (party in ('CLIENT', 'PROVIDER')),
    state        text not null check (state in ('NOTIFIED', 'PROVEN', 'ACCEPTED', 'CONTESTED', 'ENDED')),
    words        text not null check (length(words) between 1 and 2000),
    occurred_at  timestamptz not null,
    notified_at  timestamptz not null check (notified_at >= occurred_at),
    late         boolean not null,
    proof        text check (proof ~ '^[0-9a-f]{64}$'),
    proven_at    timestamptz,
    proof_late   boolean not null default false,
    accepted_at  timestamptz,
    relief       int check (relief between 1 and 100),
    contested_at timestamptz,
    contested    text check (length(contested) between 1 and 2000),
    ended_at     timestamptz,
    version      int not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, contract_id) references contract.contract,
    check ((ended_at is not null) = (state = 'ENDED')),
    check (state <> 'ACCEPTED' or accepted_at is not null),
    check ((accepted_at is null) = (relief is null))
);
select platform.guard('contract.force_majeure');

create table contract.force_majeure_duty (
    tenant_id        uuid not null,
    force_majeure_id uuid not null,
    duty_id          uuid not null,
    accepted         boolean not null,
    primary key (tenant_id, force_majeure_id, duty_id),
    foreign key (tenant_id, force_majeure_id) references contract.force_majeure
);
select platform.guard('contract.force_majeure_duty');

-- The state tells how far the standing reaches.
drop function contract.engagements(uuid[], uuid);
create function contract.engagements(organisations uuid[], wanted uuid)
    returns table (tenant_id uuid, contract_id uuid, organisation uuid, party text, state text)
    language sql stable security definer set search_path = '' as $$
    select c.tenant_id, c.id, c.client_organisation, 'CLIENT', c.state from contract.contract c
    where c.client_organisation = any (organisations) and (wanted is null or c.id = wanted)
    union all
    select c.tenant_id, c.id, c.provider_organisation, 'PROVIDER', c.state from contract.contract c
    where c.provider_organisation = any (organisations) and (wanted is null or c.id = wanted)
$$;
select platform.scan('contract.engagements', 'uuid[], uuid', 'contract.contract',
    array['tenant_id', 'id', 'client_organisation', 'provider_organisation', 'state']);
