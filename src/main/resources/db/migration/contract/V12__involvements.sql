-- A third party that takes part in a contract (G-34, G-37): invited by name, bound by its own signature from a day, until it leaves.
create table contract.involvement (
    tenant_id    uuid not null,
    id           uuid not null,
    contract_id  uuid not null,
    name         text not null check (length(name) between 1 and 200),
    -- Its people act for it by their accounts; none when it only signs by links.
    organisation uuid,
    invited_at   timestamptz not null,
    -- Null until it is bound.
    starts_at    timestamptz,
    -- From this moment on it is out; what it still owes then is a duty of its own.
    ends_at      timestamptz check (ends_at >= starts_at),
    -- When what it did until then was closed in the list of duties.
    closed_at    timestamptz,
    version      int not null,
    primary key (tenant_id, id),
    unique (tenant_id, contract_id, name),
    foreign key (tenant_id, contract_id) references contract.contract,
    check (ends_at is null or starts_at is not null),
    check (closed_at is null or ends_at is not null)
);
create index involvement_of_organisation on contract.involvement (organisation);
create index involvement_to_close on contract.involvement (ends_at) where closed_at is null and ends_at is not null;
select platform.guard('contract.involvement');

-- A third party signs a version of the contract that has its annexes: at the first signing or later.
create table contract.involvement_signature (
    tenant_id      uuid not null,
    involvement_id uuid not null,
    number         int not null,
    hash           text not null check (hash ~ '^[0-9a-f]{64}$'),
    mode           text not null check (mode in ('SEAL', 'AUTHORISED_SIGNATURE', 'SEAL_AND_SIGNATURE')),
    signatory      text not null check (length(signatory) between 1 and 100),
    authority      text not null check (length(authority) between 1 and 500),
    person_id      uuid not null,
    signed_at      timestamptz not null,
    primary key (tenant_id, involvement_id, number),
    foreign key (tenant_id, involvement_id) references contract.involvement
);
select platform.guard('contract.involvement_signature', 'insert only');

create function contract.involvements(organisations uuid[])
    returns table (tenant_id uuid, contract_id uuid, id uuid)
    language sql stable security definer set search_path = '' as $$
    select i.tenant_id, i.contract_id, i.id from contract.involvement i where i.organisation = any (organisations)
    order by i.id desc
$$;
select platform.scan('contract.involvements', 'uuid[]', 'contract.involvement',
    array['tenant_id', 'contract_id', 'id', 'organisation', 'ends_at', 'closed_at']);

create function contract.involvements_to_close(now timestamptz, most int)
    returns table (tenant_id uuid, contract_id uuid, id uuid)
    language sql stable security definer set search_path = '' as $$
    select i.tenant_id, i.contract_id, i.id from contract.involvement i
    where i.closed_at is null and i.ends_at <= now order by i.ends_at limit most
$$;
select platform.scan('contract.involvements_to_close', 'timestamptz, int', 'contract.involvement', array['tenant_id']);

-- The paper that proves the authority of a third party's signatory lies with those of the parties.
alter table contract.authority drop constraint authority_party_check;
alter table contract.authority add constraint authority_party_check
    check (party in ('CLIENT', 'PROVIDER', 'THIRD_PARTY'));
