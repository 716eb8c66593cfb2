-- What became of a contested set-off is told by a notice (G-41, Civil Code 568).
alter table contract.notice drop constraint notice_kind_check;
alter table contract.notice add constraint notice_kind_check check (kind in
    ('DEMAND', 'CURE_DEMAND', 'SUSPENSION', 'TERMINATION', 'SET_OFF', 'FORCE_MAJEURE', 'SECRECY_BREACH', 'CONTEST',
     'SET_OFF_RESULT'));
