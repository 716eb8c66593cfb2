create schema workbench;
grant usage on schema workbench to retainer_rt;

-- Of whom a row is missing the defaults hold.
create table workbench.reminder_preference (
    person_id uuid primary key,
    mail      boolean not null,
    theirs    boolean not null,
    days      int[] not null check (cardinality(days) between 0 and 10)
);
grant select, insert, update on workbench.reminder_preference to retainer_rt;

-- What a person was reminded of. The tenant is the person's own organisation: a digest goes over many clients.
create table workbench.reminded (
    tenant_id   uuid not null,
    person_id   uuid not null,
    contract_id uuid not null,
    subject     text not null,
    due_at      timestamptz not null,
    days        int not null,
    message_id  uuid not null,
    at          timestamptz not null,
    primary key (tenant_id, person_id, contract_id, subject, due_at, days)
);
select platform.guard('workbench.reminded', 'insert only');
