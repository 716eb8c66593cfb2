-- A set-off of a claim that does not stand, or not to its whole amount: what it had extinguished is owed again.
alter table billing.act drop constraint act_kind_check, drop constraint act_amount_check,
    drop constraint act_refers_check;
alter table billing.act
    add constraint act_kind_check check (kind in ('DEMAND_DELIVERED', 'DEMAND_ANSWERED', 'PENALTY_CLAIMED',
        'PENALTY_WAIVED', 'INSTALMENT_WAIVED', 'PART_DISPUTED', 'LOSS_DOCUMENTED', 'SUSPENDED', 'RESUMED',
        'SUSPENSION_CONTESTED', 'INSTALMENT_REDUCED', 'INSTALMENT_RAISED', 'SET_OFF', 'CLAIM_SET_OFF',
        'CLAIM_SET_OFF_REVERSED', 'REFUNDED', 'FORCE_MAJEURE', 'FORCE_MAJEURE_OVER')),
    add constraint act_amount_check check ((amount_fen is not null) = (kind in ('PENALTY_CLAIMED', 'PART_DISPUTED',
        'LOSS_DOCUMENTED', 'INSTALMENT_REDUCED', 'INSTALMENT_RAISED', 'SET_OFF', 'CLAIM_SET_OFF',
        'CLAIM_SET_OFF_REVERSED', 'REFUNDED'))),
    add constraint act_refers_check check ((refers_to is not null) = (kind in
        ('DEMAND_ANSWERED', 'SUSPENSION_CONTESTED', 'INSTALMENT_RAISED', 'CLAIM_SET_OFF_REVERSED')));
