-- What is charged beside the fee (I-1.1*(7)): with an instalment, which is then higher by it, or by itself.
create table billing.charge (
    tenant_id      uuid not null,
    id             uuid not null,
    contract_id    uuid not null,
    -- What it is for, such as work-order/0197…; billing knows no more of it.
    subject        text not null check (length(subject) between 1 and 100),
    title          text not null check (length(title) between 1 and 300),
    link           text not null check (link like '/contracts/%'),
    clause         text not null,
    net_fen        bigint not null check (net_fen >= 0),
    tax_fen        bigint not null check (tax_fen >= 0),
    gross_fen      bigint not null check (gross_fen > 0),
    instalment     int check (instalment > 0),
    due_at         timestamptz,
    charged_at     timestamptz not null,
    actor          uuid,
    paid_at        timestamptz,
    paid_reference text check (length(paid_reference) between 1 and 100),
    paid_by        uuid,
    primary key (tenant_id, id),
    unique (tenant_id, subject),
    unique (tenant_id, paid_reference),
    foreign key (tenant_id, contract_id) references billing.account,
    check (net_fen + tax_fen = gross_fen),
    check ((instalment is null) = (due_at is not null)),
    check ((paid_at is null) = (paid_reference is null)),
    check (paid_at is null or due_at is not null)
);
create index charge_of_contract on billing.charge (tenant_id, contract_id, id desc);
select platform.guard('billing.charge');

alter table billing.act drop constraint act_kind_check, drop constraint act_amount_check,
    drop constraint act_refers_check, drop constraint act_actor_check;
alter table billing.act
    add constraint act_kind_check check (kind in ('DEMAND_DELIVERED', 'DEMAND_ANSWERED', 'PENALTY_CLAIMED',
        'PENALTY_WAIVED', 'INSTALMENT_WAIVED', 'PART_DISPUTED', 'LOSS_DOCUMENTED', 'SUSPENDED', 'RESUMED',
        'SUSPENSION_CONTESTED', 'INSTALMENT_REDUCED', 'INSTALMENT_RAISED', 'SET_OFF', 'REFUNDED', 'FORCE_MAJEURE',
        'FORCE_MAJEURE_OVER')),
    add constraint act_amount_check check ((amount_fen is not null) = (kind in ('PENALTY_CLAIMED', 'PART_DISPUTED',
        'LOSS_DOCUMENTED', 'INSTALMENT_REDUCED', 'INSTALMENT_RAISED', 'SET_OFF', 'REFUNDED'))),
    add constraint act_refers_check check ((refers_to is not null) =
        (kind in ('DEMAND_ANSWERED', 'SUSPENSION_CONTESTED', 'INSTALMENT_RAISED'))),
    add constraint act_actor_check check (actor is not null or kind in
        ('INSTALMENT_REDUCED', 'INSTALMENT_RAISED', 'FORCE_MAJEURE', 'FORCE_MAJEURE_OVER'));

-- A raise refers to its charge, everything else to another act.
alter table billing.act drop constraint act_tenant_id_refers_to_fkey;
alter table billing.act
    add column act_id uuid generated always as (case when kind <> 'INSTALMENT_RAISED' then refers_to end) stored,
    add column charge_id uuid generated always as (case when kind = 'INSTALMENT_RAISED' then refers_to end) stored,
    add foreign key (tenant_id, act_id) references billing.act,
    add foreign key (tenant_id, charge_id) references billing.charge;

-- -1 is what is paid by itself.
alter table billing.posting drop constraint posting_instalment_check;
alter table billing.posting add constraint posting_instalment_check check (instalment >= -1);
