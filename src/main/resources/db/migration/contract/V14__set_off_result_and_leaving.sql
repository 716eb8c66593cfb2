-- What became of a contested set-off is told by a notice (G-41, Civil Code 568).
alter table contract.notice drop constraint notice_kind_check;
alter table contract.notice add constraint notice_kind_check check (kind in
    ('DEMAND', 'CURE_DEMAND', 'SUSPENSION', 'TERMINATION', 'SET_OFF', 'FORCE_MAJEURE', 'SECRECY_BREACH', 'CONTEST',
     'SET_OFF_RESULT'));

-- A third party says itself that it wishes to leave, and why (II-5.1). It stays bound until the supplement is signed (II-5.2).
create table contract.leave_notice (
    tenant_id      uuid not null,
    id             uuid not null,
    contract_id    uuid not null,
    involvement_id uuid not null,
    -- The first day on which it wishes to be out.
    wished_on      date not null,
    reason         text not null check (length(reason) between 1 and 2000),
    -- Who gave it: somebody with an account, or whoever holds a link and a code.
    person_id      uuid,
    contact_id     uuid,
    notified_at    timestamptz not null,
    -- To agree on the leaving with it.
    duty_id        uuid not null,
    withdrawn_at   timestamptz,
    -- When it left, by a supplement or with the contract.
    settled_at     timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, involvement_id) references contract.involvement,
    check ((person_id is null) <> (contact_id is null)),
    check (withdrawn_at is null or settled_at is null)
);
create unique index leave_notice_open on contract.leave_notice (tenant_id, involvement_id)
    where withdrawn_at is null and settled_at is null;
select platform.guard('contract.leave_notice');
