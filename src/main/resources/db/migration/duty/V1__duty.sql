-- What is owed. Verdicts are derived from the events; state and due_at are kept so that rows can be found.
create schema duty;
grant usage on schema duty to retainer_rt;

create table duty.duty (
    tenant_id        uuid not null,
    id               uuid not null,
    contract_id      uuid not null,
    contract_version int not null check (contract_version > 0),
    clause           text not null,
    debtor           text not null check (debtor in ('CLIENT', 'PROVIDER', 'THIRD_PARTY')),
    creditor         text not null check (creditor in ('CLIENT', 'PROVIDER', 'THIRD_PARTY')),
    action           text not null,
    subject          text not null,
    opened_at        timestamptz not null,
    deadline         text not null check (deadline ~ '^(at|working-days|calendar-days|working-time) '),
    state            text not null check (state in
        ('RUNNING', 'PAUSED', 'BREACHED', 'KEPT', 'KEPT_LATE', 'EXCUSED', 'WAIVED')),
    -- When the sweep has something to say; null when time alone will change nothing.
    due_at           timestamptz,
    -- The due instant falls in a year whose holidays are not loaded.
    undated          boolean not null,
    version          int not null,
    primary key (tenant_id, id),
    unique (tenant_id, contract_id, clause, subject, debtor),
    check (debtor <> creditor),
    check (not (undated and due_at is not null)),
    check (due_at is null or state in ('RUNNING', 'PAUSED', 'BREACHED'))
);
create index duty_due on duty.duty (due_at, id) where due_at is not null;
create index duty_undated on duty.duty (id) where undated;
select platform.guard('duty.duty');

create table duty.event (
    tenant_id   uuid not null,
    duty_id     uuid not null,
    seq         int not null check (seq > 0),
    kind        text not null check (kind in ('duty.Paused', 'duty.Resumed', 'duty.Discharged', 'duty.DischargeUndone',
        'duty.Breached', 'duty.BreachRefuted', 'duty.Excused', 'duty.Waived')),
    happened_at timestamptz not null,
    recorded_at timestamptz not null,
    actor       uuid,
    cause       text check (cause in ('CLIENT', 'PROVIDER', 'THIRD_PARTY', 'CUSTOMER', 'FORCE_MAJEURE')),
    -- What it looks back at: the performance undone, the due instant of the breach refuted, the start of the hindrance.
    refers_to   timestamptz,
    refutation  text check (refutation in ('PERFORMED_IN_TIME', 'ENDED_IN_TIME', 'DUE_MOVED')),
    reason      text check (length(reason) between 1 and 2000),
    primary key (tenant_id, duty_id, seq),
    foreign key (tenant_id, duty_id) references duty.duty,
    check ((cause is not null) = (kind in ('duty.Paused', 'duty.Resumed', 'duty.Excused'))),
    check ((refers_to is not null) = (kind in ('duty.DischargeUndone', 'duty.BreachRefuted', 'duty.Excused'))),
    check ((refutation is not null) = (kind = 'duty.BreachRefuted'))
);
select platform.guard('duty.event', 'insert only');

-- The rows the clock has passed, the oldest first, after the one looked at last.
create function duty.due(now timestamptz, after_due timestamptz, after_id uuid, most int)
    returns table (tenant_id uuid, id uuid, due_at timestamptz)
    language sql stable security definer set search_path = '' as $$
    select d.tenant_id, d.id, d.due_at from duty.duty d
    where d.due_at <= now and (d.due_at, d.id) > (after_due, after_id)
    order by d.due_at, d.id limit most
$$;
select platform.scan('duty.due', 'timestamptz, timestamptz, uuid, int', 'duty.duty',
    array['tenant_id', 'id', 'due_at']);

-- The rows that wait for a year of the calendar.
create function duty.undated(after_id uuid, most int)
    returns table (tenant_id uuid, id uuid)
    language sql stable security definer set search_path = '' as $$
    select d.tenant_id, d.id from duty.duty d where d.undated and d.id > after_id order by d.id limit most
$$;
select platform.scan('duty.undated', 'uuid, int', 'duty.duty', array['tenant_id', 'id', 'undated']);
