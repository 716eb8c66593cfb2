-- The client sets a claim of its own off against an instalment (G-41): the claim is kept by whoever determined it.
alter table billing.act drop constraint act_kind_check, drop constraint act_amount_check;
alter table billing.act
    add constraint act_kind_check check (kind in ('DEMAND_DELIVERED', 'DEMAND_ANSWERED', 'PENALTY_CLAIMED',
        'PENALTY_WAIVED', 'INSTALMENT_WAIVED', 'PART_DISPUTED', 'LOSS_DOCUMENTED', 'SUSPENDED', 'RESUMED',
        'SUSPENSION_CONTESTED', 'INSTALMENT_REDUCED', 'INSTALMENT_RAISED', 'SET_OFF', 'CLAIM_SET_OFF', 'REFUNDED',
        'FORCE_MAJEURE', 'FORCE_MAJEURE_OVER')),
    add constraint act_amount_check check ((amount_fen is not null) = (kind in ('PENALTY_CLAIMED', 'PART_DISPUTED',
        'LOSS_DOCUMENTED', 'INSTALMENT_REDUCED', 'INSTALMENT_RAISED', 'SET_OFF', 'CLAIM_SET_OFF', 'REFUNDED')));

alter table billing.posting drop constraint posting_account_check;
alter table billing.posting add constraint posting_account_check check (account in
    ('BANK', 'RECEIVABLE', 'FEE', 'PENALTY_RECEIVABLE', 'PENALTY_INCOME', 'CLIENT_CREDIT', 'WAIVED', 'CLAIM_SET_OFF'));
