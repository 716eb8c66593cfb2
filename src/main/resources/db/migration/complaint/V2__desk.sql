-- The views everybody has, each with an index in the order in which it is shown; leakproof operators only, so that they
-- work under row-level security.
create index complaint_unowned on complaint.complaint (tenant_id, contract_id, due_at, id)
    where ended_at is null and owner is null;
create index complaint_urgent on complaint.complaint (tenant_id, contract_id, due_at, id)
    where ended_at is null and priority = 'P1';
create index complaint_standing_still on complaint.complaint (tenant_id, contract_id, due_at, id)
    where ended_at is null and paused_for is not null;
drop index complaint.complaint_of_owner;
create index complaint_of_owner on complaint.complaint (tenant_id, contract_id, owner, due_at, id) where ended_at is null;

-- What each person at the desk is good at and how much they take on; without a row: everything, without a limit.
create table complaint.skill (
    tenant_id   uuid not null,
    contract_id uuid not null,
    person_id   uuid not null,
    -- Categories; 'ENGLISH' for those who answer in English.
    skills      text[] not null check (skills <@ array['QUALITY', 'DELIVERY', 'ATTITUDE', 'BILLING', 'AFTER_SALES', 'PRIVACY',
        'SAFETY', 'OTHER', 'ENGLISH']),
    -- Most open complaints at once.
    most        int check (most between 1 and 999),
    away        boolean not null,
    -- When they were given one last: whose turn it is.
    given_at    timestamptz,
    primary key (tenant_id, contract_id, person_id)
);
select platform.guard('complaint.skill');
