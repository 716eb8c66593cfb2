-- The annexes of one version: what stands in each, as the parts, rows and cells of its sheet.
create table contract.annex (
    tenant_id   uuid not null,
    contract_id uuid not null,
    number      int not null,
    annex       int not null check (annex between 1 and 5),
    content     text not null check (length(content) <= 2000000),
    -- The lock version of the contract at which it was last changed: tells a latecomer what changed meanwhile.
    changed_at  int not null,
    primary key (tenant_id, contract_id, number, annex),
    foreign key (tenant_id, contract_id, number) references contract.version
);
select platform.guard('contract.annex');

-- Who accepts that a sub-row of the annexes stays unanswered (clauses.md §1.5): an act of that party, kept for ever.
create table contract.annex_risk (
    tenant_id   uuid not null,
    contract_id uuid not null,
    number      int not null,
    clause      text not null check (clause ~ '^III-A[1-5][.][0-9]$'),
    party       text not null check (party in ('CLIENT', 'PROVIDER')),
    person_id   uuid not null,
    accepted_at timestamptz not null,
    primary key (tenant_id, contract_id, number, clause, party),
    foreign key (tenant_id, contract_id, number) references contract.version
);
select platform.guard('contract.annex_risk', 'insert only');
