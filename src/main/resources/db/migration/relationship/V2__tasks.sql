-- What single people have set themselves to do for a customer. What is to be done is sealed.
create table relationship.task (
    tenant_id      uuid not null,
    id             uuid not null,
    contract_id    uuid not null,
    customer_id    uuid not null,
    opportunity_id uuid,
    kind           text not null check (kind in ('CALL', 'VISIT', 'SEND', 'FOLLOW_UP', 'OTHER')),
    words          bytea not null,
    -- Null while the customer lies in the pool.
    person_id      uuid,
    due_at         timestamptz not null,
    remind         int check (remind between 0 and 15),
    state          text not null check (state in ('OPEN', 'DONE', 'DROPPED')),
    created_at     timestamptz not null,
    changed_at     timestamptz not null,
    ended_at       timestamptz,
    version        int not null,
    primary key (tenant_id, id),
    check ((state = 'OPEN') = (ended_at is null))
);
create index task_of_person on relationship.task (tenant_id, person_id, due_at, id) where ended_at is null;
create index task_of_contract on relationship.task (tenant_id, contract_id, due_at, id) where ended_at is null;
create index task_of_customer on relationship.task (tenant_id, contract_id, customer_id, id desc);
create index task_to_remind on relationship.task (due_at, id) where ended_at is null and remind is not null;
select platform.guard('relationship.task');

-- Open tasks of which somebody is to be reminded.
create function relationship.tasks_due(since timestamptz, until timestamptz)
    returns table (tenant_id uuid, id uuid)
    language sql stable security definer set search_path = '' as $$
    select t.tenant_id, t.id from relationship.task t
    where t.due_at > since and t.due_at <= until and t.ended_at is null and t.remind is not null
    order by t.due_at, t.id
$$;
select platform.scan('relationship.tasks_due', 'timestamptz, timestamptz', 'relationship.task',
    array['tenant_id', 'id', 'due_at', 'ended_at', 'remind']);
