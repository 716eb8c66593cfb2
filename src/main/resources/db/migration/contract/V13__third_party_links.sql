-- A third party without an account signs the version that binds it by a link, as the parties do.
alter table contract.signing_contact drop constraint signing_contact_party_check;
alter table contract.signing_contact add constraint signing_contact_party_check
    check (party in ('CLIENT', 'PROVIDER', 'THIRD_PARTY') and (amendment_id is null or party = 'THIRD_PARTY'));

alter table contract.involvement_signature alter column person_id drop not null;
alter table contract.involvement_signature add column contact_id uuid;
alter table contract.involvement_signature add constraint involvement_signature_signer_check
    check ((person_id is null) <> (contact_id is null));

-- Why somebody would not sign.
alter table contract.signing_contact add column reason text check (length(reason) between 1 and 2000);
