-- Somebody a party named to sign who has no account: reached by mail, signs by a link and a one-time code. Name and address
-- are sealed; the link's token is kept nowhere.
create table contract.signing_contact (
    tenant_id   uuid not null,
    contract_id uuid not null,
    number      int not null,
    id          uuid not null,
    party       text not null check (party in ('CLIENT', 'PROVIDER')),
    name        bytea not null,
    email       bytea not null,
    language    text not null check (language in ('zh', 'en')),
    link_id     uuid not null,
    -- The latest one-time code that was asked for.
    code_id     uuid,
    invited_by  uuid not null,
    invited_as  text not null check (invited_as in ('CLIENT', 'PROVIDER')),
    invited_at  timestamptz not null,
    opened_at   timestamptz,
    ended_at    timestamptz,
    outcome     text check (outcome in ('SIGNED', 'DECLINED', 'REVOKED')),
    primary key (tenant_id, id),
    foreign key (tenant_id, contract_id, number) references contract.version,
    check ((ended_at is null) = (outcome is null))
);
create index signing_contact_of_contract on contract.signing_contact (tenant_id, contract_id, number);
select platform.guard('contract.signing_contact');

alter table contract.signature alter column person_id drop not null;
alter table contract.signature add column contact_id uuid;
alter table contract.signature add constraint signature_signer_check
    check ((person_id is null) <> (contact_id is null));
