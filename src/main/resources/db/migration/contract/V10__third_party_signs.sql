-- A third party whose duties an amendment changes signs it too (G-37): by a link, as somebody without an account.
alter table contract.amendment add column third_name text check (length(third_name) between 1 and 200);

alter table contract.amendment_signature drop constraint amendment_signature_party_check;
alter table contract.amendment_signature add constraint amendment_signature_party_check
    check (party in ('CLIENT', 'PROVIDER', 'THIRD_PARTY'));
alter table contract.amendment_signature alter column person_id drop not null;
alter table contract.amendment_signature add column contact_id uuid;
alter table contract.amendment_signature add constraint amendment_signature_signer_check
    check ((person_id is null) <> (contact_id is null));

-- A link for an amendment has the number of the version that it amends.
alter table contract.signing_contact add column amendment_id uuid;
alter table contract.signing_contact drop constraint signing_contact_party_check;
alter table contract.signing_contact add constraint signing_contact_party_check
    check (party in ('CLIENT', 'PROVIDER', 'THIRD_PARTY') and (party = 'THIRD_PARTY') = (amendment_id is not null));
alter table contract.signing_contact add constraint signing_contact_amendment_fkey
    foreign key (tenant_id, amendment_id) references contract.amendment;
