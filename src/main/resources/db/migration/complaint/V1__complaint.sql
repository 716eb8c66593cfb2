-- Complaints of the client's customers. What people wrote and who they are is sealed by the vault; what is searched are
-- blind indexes of its parts.
create schema complaint;
grant usage on schema complaint to retainer_rt;

-- The number by which people call a complaint; over all clients, so that taking complaints in never queues up.
create sequence complaint.number start 1001;
grant usage on sequence complaint.number to retainer_rt;

-- How complaints under a contract are taken in and decided.
create table complaint.setting (
    tenant_id   uuid not null,
    contract_id uuid not null,
    -- Names the public form in its address; null while it is closed.
    form_key    text check (form_key ~ '^[A-Za-z0-9_-]{22}$'),
    -- The address customers write to.
    mailbox     text check (mailbox = lower(mailbox) and length(mailbox) <= 254),
    -- Up to which the provider may promise compensation on its own.
    limit_fen   bigint not null check (limit_fen >= 0),
    changed_at  timestamptz not null,
    primary key (tenant_id, contract_id)
);
create index setting_by_form on complaint.setting (form_key) where form_key is not null;
create index setting_by_mailbox on complaint.setting (mailbox) where mailbox is not null;
select platform.guard('complaint.setting');

create table complaint.complaint (
    tenant_id        uuid not null,
    id               uuid not null,
    contract_id      uuid not null,
    -- In force when it came in: by it the complaint is judged for ever.
    contract_version int not null check (contract_version > 0),
    number           bigint not null,
    intake           text not null check (intake in ('FORM', 'EMAIL', 'PHONE', 'API', 'FILE')),
    received_at      timestamptz not null,
    language         text not null check (language in ('zh', 'en')),
    -- The customer, once it is known who complains.
    customer_id      uuid,
    name             bytea,
    phone            bytea,
    email            bytea,
    phone_index      bigint,
    email_index      bigint,
    subject          bytea not null,
    -- Parts of what was written, for search.
    parts            int[] not null,
    product          text check (length(product) between 1 and 60),
    region           text check (length(region) between 1 and 60),
    stage            text not null check (stage in ('RECEIVED', 'REGISTERED', 'ACKNOWLEDGED', 'ASSESSED', 'REDIRECTED', 'MERGED',
        'INVESTIGATING', 'RESPONSE_DRAFT', 'COMMUNICATED', 'ESCALATED', 'RETURN_VISIT_DUE', 'VISITED', 'CLOSED',
        'CLOSED_UNVISITED', 'EXTERNAL')),
    sought           text check (sought in ('EXPLANATION', 'APOLOGY', 'REPAIR', 'REPLACEMENT', 'REFUND', 'COMPENSATION',
        'IMPROVEMENT', 'OTHER')),
    category         text check (category in ('QUALITY', 'DELIVERY', 'ATTITUDE', 'BILLING', 'AFTER_SALES', 'PRIVACY', 'SAFETY',
        'OTHER')),
    severity         text check (severity in ('LOW', 'MIDDLE', 'HIGH')),
    impact           text check (impact in ('LOW', 'MIDDLE', 'HIGH')),
    urgency          text check (urgency in ('LOW', 'MIDDLE', 'HIGH')),
    hazard           text check (hazard in ('NONE', 'LEGAL', 'SAFETY')),
    priority         text check (priority in ('P1', 'P2', 'P3')),
    owner            uuid,
    level            int not null check (level between 1 and 3),
    reopened         int not null check (reopened >= 0),
    paused_for       text check (paused_for in ('CLIENT', 'THIRD_PARTY', 'CUSTOMER', 'FORCE_MAJEURE')),
    paused_at        timestamptz,
    paused_until     timestamptz,
    cause            text check (cause in ('PRODUCT', 'PROCESS', 'INFORMATION', 'STAFF', 'SUPPLIER', 'LOGISTICS', 'SYSTEM',
        'POLICY', 'MISUNDERSTANDING', 'UNFOUNDED')),
    remedy           text check (remedy in ('EXPLANATION', 'APOLOGY', 'REPAIR', 'REPLACEMENT', 'REFUND', 'COMPENSATION',
        'IMPROVEMENT', 'OTHER')),
    compensation_fen bigint check (compensation_fen >= 0),
    limit_fen        bigint check (limit_fen >= 0),
    drafted_by       uuid,
    approved_by      uuid,
    client_approved_by uuid,
    missed           date[] not null,
    redirection      text check (redirection in ('NOT_A_COMPLAINT', 'OUT_OF_SCOPE')),
    merged_into      uuid,
    split_from       uuid,
    external_body    text check (external_body in ('HOTLINE_12315', 'CONSUMER_ASSOCIATION', 'REGULATOR', 'COURT', 'MEDIA')),
    ended_at         timestamptz,
    -- When it went to a body outside.
    external_at      timestamptz,
    -- The duties of this complaint, and the first instant at which one of the provider's becomes late.
    duties           uuid[] not null,
    due_at           timestamptz not null,
    changed_at       timestamptz not null,
    version          int not null,
    primary key (tenant_id, id),
    unique (tenant_id, number),
    foreign key (tenant_id, merged_into) references complaint.complaint (tenant_id, id),
    foreign key (tenant_id, split_from) references complaint.complaint (tenant_id, id),
    -- Columns and stage say the same.
    check ((category is null) = (priority is null) and (severity is null) = (priority is null)
        and (impact is null) = (priority is null) and (urgency is null) = (priority is null)
        and (hazard is null) = (priority is null)),
    check (stage not in ('ASSESSED', 'INVESTIGATING', 'RESPONSE_DRAFT', 'COMMUNICATED', 'ESCALATED', 'RETURN_VISIT_DUE',
        'VISITED', 'CLOSED', 'CLOSED_UNVISITED') or priority is not null),
    check ((stage in ('RESPONSE_DRAFT', 'COMMUNICATED', 'ESCALATED', 'RETURN_VISIT_DUE', 'VISITED', 'CLOSED',
        'CLOSED_UNVISITED')) = (drafted_by is not null)),
    check ((drafted_by is null) = (cause is null) and (drafted_by is null) = (remedy is null)
        and (drafted_by is null) = (compensation_fen is null) and (drafted_by is null) = (limit_fen is null)),
    -- Four eyes, in the table as well.
    check (approved_by is null or approved_by <> drafted_by),
    check ((stage in ('REDIRECTED', 'MERGED', 'CLOSED', 'CLOSED_UNVISITED')) = (ended_at is not null)),
    check ((stage = 'REDIRECTED') = (redirection is not null)),
    check ((stage = 'MERGED') = (merged_into is not null)),
    check ((stage = 'EXTERNAL') = (external_body is not null) and (stage = 'EXTERNAL') = (external_at is not null)),
    check ((paused_for is null) = (paused_at is null) and (paused_until is null or paused_for is not null)),
    check ((phone is null) = (phone_index is null) and (email is null) = (email_index is null))
);
create index complaint_open on complaint.complaint (tenant_id, contract_id, due_at, id) where ended_at is null;
create index complaint_by_age on complaint.complaint (tenant_id, contract_id, id);
create index complaint_of_owner on complaint.complaint (tenant_id, owner, due_at, id) where ended_at is null;
create index complaint_of_customer on complaint.complaint (tenant_id, customer_id, id) where customer_id is not null;
create index complaint_by_phone on complaint.complaint (tenant_id, phone_index) where phone_index is not null;
create index complaint_by_email on complaint.complaint (tenant_id, email_index) where email_index is not null;
create index complaint_by_merge on complaint.complaint (tenant_id, merged_into) where merged_into is not null;
create index complaint_by_split on complaint.complaint (tenant_id, split_from) where split_from is not null;
create index complaint_ended on complaint.complaint (tenant_id, contract_id, ended_at) where ended_at is not null;
create index complaint_paused on complaint.complaint (paused_until) where paused_until is not null;
create index complaint_by_parts on complaint.complaint using gin (parts);
select platform.guard('complaint.complaint');

-- The time line: what happened, what was written and by whom. Nothing in it is ever changed.
create table complaint.entry (
    tenant_id    uuid not null,
    id           uuid not null,
    complaint_id uuid not null,
    kind         text not null check (kind in ('EVENT', 'STATEMENT', 'REPLY', 'NOTE', 'QUESTION', 'ANSWER')),
    -- A message key and its arguments after bars, for what is said of it in the reader's language.
    said         text check (said ~ '^complaint\.' and length(said) <= 1000),
    text         bytea,
    -- Statements and replies are the complainant's to read; notes are not.
    internal     boolean not null,
    actor        uuid,
    mentions     uuid[] not null,
    -- The message that carried it.
    message_id   uuid,
    -- The question an answer belongs to.
    question_id  uuid,
    happened_at  timestamptz not null,
    recorded_at  timestamptz not null,
    -- The order of recording, also within one instant.
    place        bigint generated always as identity,
    primary key (tenant_id, id),
    foreign key (tenant_id, complaint_id) references complaint.complaint (tenant_id, id)
);
create index entry_of_complaint on complaint.entry (tenant_id, complaint_id, place);
select platform.guard('complaint.entry', 'insert only');
grant update (text) on complaint.entry to retainer_rt;

-- What somebody outside the desk was asked, with a clock of its own.
create table complaint.question (
    tenant_id    uuid not null,
    id           uuid not null,
    complaint_id uuid not null,
    asked        text not null check (asked in ('CLIENT', 'THIRD_PARTY', 'CUSTOMER')),
    asked_at     timestamptz not null,
    due_at       timestamptz not null,
    answered_at  timestamptz,
    -- The duty to answer, when a party of the contract was asked.
    duty_id      uuid,
    primary key (tenant_id, id),
    foreign key (tenant_id, complaint_id) references complaint.complaint (tenant_id, id)
);
create index question_of_complaint on complaint.question (tenant_id, complaint_id);
select platform.guard('complaint.question');

create table complaint.attachment (
    tenant_id    uuid not null,
    id           uuid not null,
    complaint_id uuid not null,
    entry_id     uuid not null,
    name         bytea not null,
    type         text not null check (type ~ '^[a-z]+/[a-z0-9.+-]+$'),
    size         int not null check (size > 0),
    content      bytea not null,
    created_at   timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, complaint_id) references complaint.complaint (tenant_id, id),
    foreign key (tenant_id, entry_id) references complaint.entry (tenant_id, id)
);
create index attachment_of_complaint on complaint.attachment (tenant_id, complaint_id);
select platform.guard('complaint.attachment');

-- Mails by the hash of their Message-ID: what was taken before is not taken twice, and answers find their complaint.
create table complaint.mail (
    tenant_id    uuid not null,
    id           uuid not null,
    complaint_id uuid not null,
    hash         bytea not null check (length(hash) = 32),
    seen_at      timestamptz not null,
    primary key (tenant_id, id),
    unique (tenant_id, hash),
    foreign key (tenant_id, complaint_id) references complaint.complaint (tenant_id, id)
);
create index mail_by_hash on complaint.mail (hash);
select platform.guard('complaint.mail', 'insert only');

-- Answers that are written once and used often.
create table complaint.canned (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    title       text not null check (length(title) between 1 and 60),
    text        text not null check (length(text) between 1 and 4000),
    changed_at  timestamptz not null,
    primary key (tenant_id, id),
    unique (tenant_id, contract_id, title)
);
select platform.guard('complaint.canned');

-- Filters somebody wants to have again.
create table complaint.saved_view (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    person_id   uuid not null,
    name        text not null check (length(name) between 1 and 40),
    filter      text not null check (length(filter) <= 500),
    primary key (tenant_id, id),
    unique (tenant_id, contract_id, person_id, name)
);
select platform.guard('complaint.saved_view');

-- What is done about a root cause, so that it does not come back.
create table complaint.corrective (
    tenant_id   uuid not null,
    id          uuid not null,
    contract_id uuid not null,
    cause       text not null,
    text        bytea not null,
    owner       uuid not null,
    due_on      date not null,
    duty_id     uuid not null,
    created_at  timestamptz not null,
    done_at     timestamptz,
    primary key (tenant_id, id)
);
create index corrective_of_contract on complaint.corrective (tenant_id, contract_id, id);
select platform.guard('complaint.corrective');

-- Whose form this is.
create function complaint.by_form(key text) returns table (tenant_id uuid, contract_id uuid)
    language sql stable security definer set search_path = '' as $$
    select s.tenant_id, s.contract_id from complaint.setting s where s.form_key = key
$$;
select platform.scan('complaint.by_form', 'text', 'complaint.setting',
    array['tenant_id', 'contract_id', 'form_key', 'mailbox']);

-- Whose mailbox this is.
create function complaint.by_mailbox(addresses text[]) returns table (tenant_id uuid, contract_id uuid, mailbox text)
    language sql stable security definer set search_path = '' as $$
    select s.tenant_id, s.contract_id, s.mailbox from complaint.setting s where s.mailbox = any (addresses)
$$;
select platform.scan('complaint.by_mailbox', 'text[]', 'complaint.setting',
    array['tenant_id', 'contract_id', 'form_key', 'mailbox']);

-- The complaints these mails belong to.
create function complaint.by_mail(hashes bytea[]) returns table (tenant_id uuid, complaint_id uuid)
    language sql stable security definer set search_path = '' as $$
    select m.tenant_id, m.complaint_id from complaint.mail m where m.hash = any (hashes)
$$;
select platform.scan('complaint.by_mail', 'bytea[]', 'complaint.mail', array['tenant_id', 'complaint_id', 'hash']);

-- Where a pause is over.
create function complaint.paused_out(now timestamptz, most int) returns table (tenant_id uuid, id uuid)
    language sql stable security definer set search_path = '' as $$
    select c.tenant_id, c.id from complaint.complaint c
    where c.paused_until <= now order by c.paused_until limit most
$$;
select platform.scan('complaint.paused_out', 'timestamptz, int', 'complaint.complaint',
    array['tenant_id', 'id', 'paused_until']);

-- Complaints whose text has all these parts, the newest first. Array operators are not leakproof, so row-level security
-- would keep the index from being used; this looks past it, repeats its condition, and hands out ids.
create function complaint.by_parts(wanted int[], most int) returns setof uuid
    language plpgsql stable security definer set search_path = '' as $$
begin
    return query execute
        'select c.id from complaint.complaint c
         where c.tenant_id = any (string_to_array(nullif(current_setting(''app.tenant'', true), ''''), '','')::uuid[])
         and c.parts @> $1 order by c.id desc limit $2'
        using wanted, most;
end $$;
select platform.scan('complaint.by_parts', 'int[], int', 'complaint.complaint', array['tenant_id', 'id', 'parts']);
