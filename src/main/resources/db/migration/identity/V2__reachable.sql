-- How a person is reached. The address is personal data: it is read in People alone and handed out at the moment of use.
alter table identity.person
    add column email text check (length(email) between 3 and 254 and email ~ '^[^@\s]+@[^@\s]+$'),
    add column language text not null default 'zh' check (language in ('zh', 'en'));

-- What a signed link opens. The link itself is not kept: it is these ids and a keyed hash whose key is not in here.
create table identity.signed_link (
    tenant_id  uuid not null,
    id         uuid not null,
    purpose    text not null check (purpose ~ '^[a-z]+(-[a-z]+)*$'),
    subject    text not null check (length(subject) between 1 and 200),
    created_at timestamptz not null,
    expires_at timestamptz check (expires_at > created_at),
    single_use boolean not null,
    used_at    timestamptz,
    revoked_at timestamptz,
    primary key (tenant_id, id),
    check (used_at is null or single_use)
);
create index signed_link_by_subject on identity.signed_link (tenant_id, subject, purpose);
select platform.guard('identity.signed_link');

-- A one-time code is derived from its id with a key that is not in here.
create table identity.one_time_code (
    tenant_id  uuid not null,
    id         uuid not null,
    purpose    text not null check (purpose ~ '^[a-z]+(-[a-z]+)*$'),
    subject    text not null check (length(subject) between 1 and 200),
    created_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > created_at),
    tries      int not null default 0 check (tries between 0 and 5),
    used_at    timestamptz,
    primary key (tenant_id, id)
);
create index one_time_code_by_subject on identity.one_time_code (tenant_id, subject, purpose, created_at);
select platform.guard('identity.one_time_code');
