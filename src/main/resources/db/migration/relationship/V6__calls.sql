-- What stood against a call that was made all the same: the contact budget, or the want of consent.
alter table relationship.touch
    add column against text check (length(against) between 1 and 60),
    add check (against is null or kind = 'CALL');
