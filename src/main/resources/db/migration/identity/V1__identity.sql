-- People and organisations stand above tenants: one person may work for several clients.
create schema identity;
grant usage on schema identity to retainer_rt;

create table identity.organisation (
    id   uuid primary key,
    name text not null unique check (name = btrim(name) and length(name) between 1 and 200)
);

create table identity.person (
    id            uuid primary key,
    login         text not null unique check (login = lower(login) and length(login) between 3 and 254),
    display_name  text not null check (length(display_name) between 1 and 100),
    password_hash text not null,
    disabled_at   timestamptz,
    version       int not null default 0
);

create table identity.membership (
    person_id       uuid not null references identity.person,
    organisation_id uuid not null references identity.organisation,
    role            text not null check (role in
        ('AGENT', 'OPERATIONS_LEAD', 'OWNER', 'FINANCE', 'DATA_PROTECTION', 'LAWYER')),
    since           timestamptz not null,
    ended_at        timestamptz check (ended_at >= since),
    primary key (person_id, organisation_id, role)
);
create index membership_by_organisation on identity.membership (organisation_id);

-- The token itself is shown once and never kept.
create table identity.api_token (
    id         uuid primary key,
    person_id  uuid not null references identity.person,
    name       text not null check (length(name) between 1 and 100),
    hash       bytea not null unique,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index api_token_by_person on identity.api_token (person_id);

-- The first answer to each creating call, kept in the transaction of its effect.
create table identity.idempotency (
    person_id    uuid not null references identity.person,
    key          text not null check (length(key) between 1 and 200),
    request_hash text not null,
    status       int,
    body         text,
    created_at   timestamptz not null,
    primary key (person_id, key)
);
create index idempotency_by_age on identity.idempotency (created_at);

grant select, insert, update on identity.organisation, identity.person, identity.membership, identity.api_token
    to retainer_rt;
grant select, insert, update, delete on identity.idempotency to retainer_rt;
