-- Whom of a third party was asked by mail; answered on a page of one purpose, without an account. Sealed.
alter table complaint.question
    add column email    bytea,
    add column language text check (language in ('zh', 'en')),
    add check ((email is null) = (language is null)),
    add check (email is null or asked = 'THIRD_PARTY');
