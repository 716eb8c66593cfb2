-- Which clock of a complaint was warned of, so that it is said once: near its end, and over it.
create table complaint.warned (
    tenant_id    uuid not null,
    complaint_id uuid not null,
    duty_id      uuid not null,
    level        text not null check (level in ('NEAR', 'LATE')),
    at           timestamptz not null,
    primary key (tenant_id, duty_id, level),
    foreign key (tenant_id, complaint_id) references complaint.complaint (tenant_id, id)
);
select platform.guard('complaint.warned', 'insert only');

create index complaint_due on complaint.complaint (due_at, id) where ended_at is null;

-- Open complaints with a clock that ends by then, the next first, after the one
-- looked at last.
create function complaint.due_by(until timestamptz, after_due timestamptz, after_id uuid, most int)
    returns table (tenant_id uuid, id uuid, due_at timestamptz)
    language sql stable security definer set search_path = '' as $$
    select c.tenant_id, c.id, c.due_at from complaint.complaint c
    where c.ended_at is null and c.paused_for is null and c.due_at <= until and (c.due_at, c.id) > (after_due, after_id)
    order by c.due_at, c.id limit most
$$;
select platform.scan('complaint.due_by', 'timestamptz, timestamptz, uuid, int', 'complaint.complaint',
    array['tenant_id', 'id', 'due_at', 'ended_at', 'paused_for']);
