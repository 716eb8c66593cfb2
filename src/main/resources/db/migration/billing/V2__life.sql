-- Schedules that amendments redraw, and what the end of a contract leaves to be settled.
alter table billing.instalment add column since timestamptz;
update billing.instalment i set since = (
    select a.effective_at from billing.account a where a.tenant_id = i.tenant_id and a.contract_id = i.contract_id);
alter table billing.instalment alter column since set not null;
alter table billing.instalment drop constraint instalment_tenant_id_contract_id_number_key;
alter table billing.instalment add unique (tenant_id, contract_id, number, since);

-- A line that an amendment put another, or none, in place of.
create table billing.instalment_replaced (
    tenant_id     uuid not null,
    instalment_id uuid not null,
    amendment_id  uuid not null,
    replaced_at   timestamptz not null,
    primary key (tenant_id, instalment_id),
    foreign key (tenant_id, instalment_id) references billing.instalment
);
select platform.guard('billing.instalment_replaced', 'insert only');

alter table billing.act add column services text check (services ~ '^[1-7](,[1-7])*$');
-- Nobody acts when the end of a contract reduces what is owed.
alter table billing.act alter column actor drop not null;
alter table billing.act drop constraint act_kind_check;
do $$
declare
    old text;
begin
    for old in select conname from pg_catalog.pg_constraint
        where conrelid = 'billing.act'::regclass and contype = 'c'
        and pg_catalog.pg_get_constraintdef(oid) ~ '(instalment IS NULL|amount_fen IS NOT NULL|refers_to IS NOT NULL)'
    loop
        execute format('alter table billing.act drop constraint %I', old);
    end loop;
end $$;
alter table billing.act
    add constraint act_kind_check check (kind in ('DEMAND_DELIVERED', 'DEMAND_ANSWERED', 'PENALTY_CLAIMED',
        'PENALTY_WAIVED', 'INSTALMENT_WAIVED', 'PART_DISPUTED', 'LOSS_DOCUMENTED', 'SUSPENDED', 'RESUMED',
        'SUSPENSION_CONTESTED', 'INSTALMENT_REDUCED', 'SET_OFF', 'REFUNDED', 'FORCE_MAJEURE', 'FORCE_MAJEURE_OVER')),
    add constraint act_instalment_check1 check ((instalment is null) =
        (kind in ('SUSPENDED', 'RESUMED', 'DEMAND_ANSWERED', 'SUSPENSION_CONTESTED', 'REFUNDED'))),
    add constraint act_amount_check check ((amount_fen is not null) = (kind in
        ('PENALTY_CLAIMED', 'PART_DISPUTED', 'LOSS_DOCUMENTED', 'INSTALMENT_REDUCED', 'SET_OFF', 'REFUNDED'))),
    add constraint act_refers_check check ((refers_to is not null) = (kind in ('DEMAND_ANSWERED', 'SUSPENSION_CONTESTED'))),
    add constraint act_actor_check check (actor is not null or kind in
        ('INSTALMENT_REDUCED', 'FORCE_MAJEURE', 'FORCE_MAJEURE_OVER')),
    add constraint act_services_check1 check (services is null or kind = 'SUSPENDED');
create unique index act_reduced_once on billing.act (tenant_id, contract_id, instalment) where kind = 'INSTALMENT_REDUCED';
create unique index act_contested_once on billing.act (tenant_id, refers_to) where kind = 'SUSPENSION_CONTESTED';
