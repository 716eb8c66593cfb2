-- What every module leans on: the tables of the frameworks, and the two functions that fence tenant tables.
-- Runs as retainer_owner; roles are made beforehand by DatabaseRoles.

grant usage on schema platform to retainer_rt, retainer_platform;

create table platform.event_publication (
    id                     uuid primary key,
    listener_id            text not null,
    event_type             text not null,
    serialized_event       text not null,
    publication_date       timestamptz not null,
    completion_date        timestamptz,
    status                 text,
    completion_attempts    int,
    last_resubmission_date timestamptz
);
create index event_publication_by_event on platform.event_publication using hash (serialized_event);
create index event_publication_by_completion on platform.event_publication (completion_date);

create table platform.spring_session (
    primary_id            char(36) primary key,
    session_id            char(36) not null unique,
    creation_time         bigint not null,
    last_access_time      bigint not null,
    max_inactive_interval int not null,
    expiry_time           bigint not null,
    principal_name        varchar(100)
);
create index spring_session_by_expiry on platform.spring_session (expiry_time);
create index spring_session_by_principal on platform.spring_session (principal_name);

create table platform.spring_session_attributes (
    session_primary_id char(36) not null references platform.spring_session on delete cascade,
    attribute_name     varchar(200) not null,
    attribute_bytes    bytea not null,
    primary key (session_primary_id, attribute_name)
);

create table platform.scheduled_tasks (
    task_name            text not null,
    task_instance        text not null,
    task_data            bytea,
    execution_time       timestamptz,
    picked               boolean not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures int,
    last_heartbeat       timestamptz,
    version              bigint not null,
    priority             smallint,
    state                text,
    primary key (task_name, task_instance)
);
create index scheduled_tasks_by_execution on platform.scheduled_tasks (execution_time);
create index scheduled_tasks_by_heartbeat on platform.scheduled_tasks (last_heartbeat);

grant select, insert, update, delete on
    platform.event_publication, platform.spring_session, platform.spring_session_attributes, platform.scheduled_tasks
    to retainer_rt;

-- Fences a tenant table: row-level security for its owner too, reads within the tenants of app.tenant (one, or several
-- for a provider's overview), writes only when app.tenant names exactly one. The nullif is needed because a setting
-- made by SET LOCAL reads as '' after its transaction (reliability.md R3).
create function platform.guard(tenant_table regclass, privileges text default 'all') returns void
    language plpgsql set search_path = '' as $$
begin
    if privileges not in ('all', 'insert only') then
        raise exception 'platform.guard knows the privileges "all" and "insert only", not "%"', privileges;
    end if;
    execute format('alter table %s enable row level security', tenant_table);
    execute format('alter table %s force row level security', tenant_table);
    execute format(
        'create policy tenant on %s for all to retainer_rt
            using (tenant_id = any (string_to_array(nullif(current_setting(''app.tenant'', true), ''''), '','')::uuid[]))
            with check (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', tenant_table);
    execute format('grant select, insert on %s to retainer_rt', tenant_table);
    if privileges = 'all' then
        execute format('grant update, delete on %s to retainer_rt', tenant_table);
    end if;
end $$;

-- Lets one SECURITY DEFINER function look across tenants, at the named columns of one table and nothing else. Scans hand
-- out ids; the rows are then read tenant by tenant, behind the fence.
create function platform.scan(function_name text, arguments text, tenant_table regclass, columns text[]) returns void
    language plpgsql set search_path = '' as $$
declare
    signature text := format('%s(%s)', function_name, arguments);
    schema_name text := split_part(function_name, '.', 1);
begin
    execute format('grant usage, create on schema %I to retainer_platform', schema_name);
    execute format('alter function %s owner to retainer_platform', signature);
    execute format('revoke create on schema %I from retainer_platform', schema_name);
    -- as the new owner would; the owner role is a member of retainer_platform
    execute format('revoke all on function %s from public', signature);
    execute format('grant execute on function %s to retainer_rt', signature);
    execute format('grant select (%s) on %s to retainer_platform',
        (select string_agg(format('%I', c), ', ') from unnest(columns) as c), tenant_table);
    if not exists (select from pg_catalog.pg_policy where polrelid = tenant_table and polname = 'scan') then
        execute format('create policy scan on %s for select to retainer_platform using (true)', tenant_table);
    end if;
end $$;

revoke all on function platform.guard(regclass, text), platform.scan(text, text, regclass, text[]) from public;
