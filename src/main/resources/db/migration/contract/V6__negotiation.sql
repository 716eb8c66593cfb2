-- What people say about a clause of a contract that is being prepared; both parties read it.
create table contract.comment (
    tenant_id   uuid not null,
    contract_id uuid not null,
    id          uuid not null,
    number      int not null,
    clause      text not null,
    party       text not null check (party in ('CLIENT', 'PROVIDER')),
    person_id   uuid not null,
    words       text not null check (length(words) between 1 and 2000),
    made_at     timestamptz not null,
    primary key (tenant_id, contract_id, id),
    foreign key (tenant_id, contract_id, number) references contract.version
);
create index comment_of_clause on contract.comment (tenant_id, contract_id, clause, id desc);
select platform.guard('contract.comment', 'insert only');

-- Another wording of a clause or another value of a term, which the other party accepts or rejects.
create table contract.proposal (
    tenant_id   uuid not null,
    contract_id uuid not null,
    id          uuid not null,
    serial      int not null check (serial >= 1),
    number      int not null,
    clause      text not null,
    term        text,
    before      text not null check (length(before) <= 20000),
    after       text not null check (length(after) between 1 and 20000),
    reason      text not null check (length(reason) between 1 and 2000),
    party       text not null check (party in ('CLIENT', 'PROVIDER')),
    person_id   uuid not null,
    made_at     timestamptz not null,
    state       text not null check (state in ('OPEN', 'ACCEPTED', 'REJECTED', 'WITHDRAWN')),
    answer      text check (length(answer) between 1 and 2000),
    answered_by uuid,
    ended_at    timestamptz,
    version     int not null default 0,
    primary key (tenant_id, contract_id, id),
    unique (tenant_id, contract_id, serial),
    foreign key (tenant_id, contract_id, number) references contract.version,
    check ((state = 'OPEN') = (ended_at is null)),
    check ((ended_at is null) = (answered_by is null)),
    check (state <> 'REJECTED' or answer is not null),
    check (before <> after)
);
create index proposal_of_clause on contract.proposal (tenant_id, contract_id, clause, serial desc);
select platform.guard('contract.proposal');
