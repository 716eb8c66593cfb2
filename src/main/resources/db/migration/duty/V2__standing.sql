-- Duties that are owed all the time, such as keeping a secret, and the end of a duty that nobody performed.
alter table duty.duty drop constraint duty_deadline_check;
alter table duty.duty add constraint duty_deadline_check
    check (deadline ~ '^((at|working-days|calendar-days|working-time|standing) |standing$)');
alter table duty.duty drop constraint duty_state_check;
alter table duty.duty add constraint duty_state_check check (state in
    ('RUNNING', 'PAUSED', 'BREACHED', 'KEPT', 'KEPT_LATE', 'EXCUSED', 'WAIVED', 'RELEASED'));

alter table duty.event add column release text
    check (release in ('REPLACED', 'CONTRACT_ENDED', 'TERM_OVER', 'PURPOSE_GONE'));
alter table duty.event drop constraint event_kind_check;
alter table duty.event add constraint event_kind_check check (kind in ('duty.Paused', 'duty.Resumed', 'duty.Discharged',
    'duty.DischargeUndone', 'duty.Breached', 'duty.BreachRefuted', 'duty.Excused', 'duty.Waived', 'duty.Released'));
alter table duty.event add constraint event_released_check check ((release is not null) = (kind = 'duty.Released'));
