-- A breach of secrecy is told by a notice, during the contract or after it (I-4.1a, I-4.2).
alter table contract.notice drop constraint notice_kind_check;
alter table contract.notice add constraint notice_kind_check check (kind in
    ('DEMAND', 'CURE_DEMAND', 'SUSPENSION', 'TERMINATION', 'SET_OFF', 'FORCE_MAJEURE', 'SECRECY_BREACH', 'CONTEST'));
