-- What-ifs that somebody shared by a link: both sides as they were judged, so that a link shows nothing that came later.
create table billing.scenario (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    person_id   uuid not null,
    title       text not null check (length(title) <= 200),
    hypotheses  text[] not null check (cardinality(hypotheses) <= 20),
    as_of       timestamptz not null,
    -- Whether who shared it could see amounts: who opens it sees no more.
    money       boolean not null,
    real        text not null,
    supposed    text not null,
    created_at  timestamptz not null,
    expires_at  timestamptz not null check (expires_at > created_at),
    ended_at    timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, contract_id) references billing.account
);
select platform.guard('billing.scenario');
create index scenario_of_person on billing.scenario (tenant_id, contract_id, person_id, id desc);
