-- What is said to people: written in the transaction of its cause, sent afterwards. No table here holds an address; the
-- module that owns the recipient names it at the moment of sending.
create schema messaging;
grant usage on schema messaging to retainer_rt;

create table messaging.message (
    tenant_id      uuid not null,
    id             uuid not null,
    kind           text not null check (kind ~ '^[a-z]+\.[a-z][A-Za-z]*$'),
    purpose        text not null check (purpose in ('STAFF', 'SECURITY', 'CONTRACT_NOTICE', 'STATUTORY_NOTICE', 'COMPLAINT',
        'RETURN_VISIT', 'WORK_ORDER', 'SURVEY', 'CAMPAIGN', 'RECOMMENDATION')),
    channel        text not null check (channel in ('EMAIL', 'SMS', 'WECOM', 'IN_APP')),
    recipient_kind text not null check (recipient_kind in ('PERSON', 'CUSTOMER', 'PARTY_CONTACT')),
    recipient_id   uuid not null,
    contract_id    uuid,
    language       text not null check (language in ('zh', 'en')),
    -- The variables, already in the reader's words; one-time codes and signed links stand here by their id only.
    words          text not null,
    -- The client's own template it was worded with; null for the platform's.
    template       int,
    -- Says what it is about: the same thing is never said twice.
    key            text not null check (length(key) between 1 and 200),
    state          text not null check (state in
        ('QUEUED', 'SENDING', 'SENT', 'DELIVERED', 'BOUNCED', 'FAILED', 'SUPPRESSED')),
    reason         text check (length(reason) <= 100),
    queued_at      timestamptz not null,
    expires_at     timestamptz,
    -- When the outbox has something to do: the next try, or the end of the sender's lease.
    look_at        timestamptz,
    attempts       int not null default 0,
    sent_at        timestamptz,
    ended_at       timestamptz,
    read_at        timestamptz,
    -- What the provider calls it.
    reference      text check (length(reference) <= 200),
    primary key (tenant_id, id),
    unique (tenant_id, key),
    check ((look_at is not null) = (state in ('QUEUED', 'SENDING'))),
    check (state in ('QUEUED', 'SENDING', 'SENT', 'DELIVERED') or reason is not null)
);
create index message_waiting on messaging.message (look_at, id) where look_at is not null;
create index message_of_recipient on messaging.message (recipient_id, tenant_id, id);
create index message_by_age on messaging.message (tenant_id, id desc);
select platform.guard('messaging.message');

-- Written and committed before anything goes over the wire.
create table messaging.attempt (
    tenant_id  uuid not null,
    message_id uuid not null,
    number     int not null check (number > 0),
    started_at timestamptz not null,
    ended_at   timestamptz,
    outcome    text check (outcome in ('ACCEPTED', 'TRY_AGAIN', 'REJECTED')),
    reason     text check (length(reason) <= 100),
    primary key (tenant_id, message_id, number),
    foreign key (tenant_id, message_id) references messaging.message
);
select platform.guard('messaging.attempt');

-- Every time a customer was addressed, by whatever service and on whatever channel: what the contact budget counts.
create table messaging.contact (
    tenant_id   uuid not null,
    id          uuid not null,
    customer_id uuid not null,
    purpose     text not null,
    channel     text not null check (channel in ('EMAIL', 'SMS', 'WECOM', 'IN_APP', 'PHONE')),
    at          timestamptz not null,
    primary key (tenant_id, id)
);
create index contact_of_customer on messaging.contact (tenant_id, customer_id, at);
select platform.guard('messaging.contact', 'insert only');

create table messaging.suppression (
    tenant_id      uuid not null,
    recipient_id   uuid not null,
    channel        text not null check (channel in ('EMAIL', 'SMS', 'WECOM', 'PHONE')),
    reason         text not null check (reason in ('OPTED_OUT', 'BOUNCED', 'REPORTED')),
    since          timestamptz not null,
    primary key (tenant_id, recipient_id, channel)
);
select platform.guard('messaging.suppression');

-- A client's own limits; without a row the platform's hold.
create table messaging.budget (
    tenant_id uuid not null primary key,
    per_week  int not null check (per_week between 0 and 100),
    per_month int not null check (per_month between per_week and 400),
    gap_hours int not null check (gap_hours between 0 and 720),
    quiet_from time not null,
    quiet_to  time not null,
    zone      text not null,
    version   int not null default 0
);
select platform.guard('messaging.budget');

-- A client's own wording, version by version; an empty one goes back to the platform's.
create table messaging.template (
    tenant_id  uuid not null,
    kind       text not null,
    language   text not null check (language in ('zh', 'en')),
    version    int not null check (version > 0),
    subject    text check (length(subject) between 1 and 200),
    body       text check (length(body) between 1 and 20000),
    written_by uuid not null,
    written_at timestamptz not null,
    primary key (tenant_id, kind, language, version),
    check ((subject is null) = (body is null))
);
select platform.guard('messaging.template', 'insert only');

-- What waits for one of these channels, the longest waiting first.
create function messaging.waiting(now timestamptz, channels text[], most int)
    returns table (tenant_id uuid, id uuid)
    language sql stable security definer set search_path = '' as $$
    select m.tenant_id, m.id from messaging.message m
    where m.look_at <= now and m.channel = any (channels) order by m.look_at, m.id limit most
$$;
select platform.scan('messaging.waiting', 'timestamptz, text[], int', 'messaging.message',
    array['tenant_id', 'id', 'look_at', 'channel']);

-- Under which tenants a person has messages, and how many are unread.
create function messaging.inbox(person uuid)
    returns table (tenant_id uuid, unread bigint)
    language sql stable security definer set search_path = '' as $$
    select m.tenant_id, count(*) filter (where m.read_at is null) from messaging.message m
    where m.recipient_id = person and m.recipient_kind = 'PERSON' and m.purpose <> 'SECURITY' group by m.tenant_id
$$;
select platform.scan('messaging.inbox', 'uuid', 'messaging.message',
    array['tenant_id', 'recipient_id', 'recipient_kind', 'purpose', 'read_at']);

-- Whose message a provider's report is about.
create function messaging.tenant_of(message uuid) returns uuid
    language sql stable security definer set search_path = '' as $$
    select m.tenant_id from messaging.message m where m.id = message
$$;
select platform.scan('messaging.tenant_of', 'uuid', 'messaging.message', array['tenant_id', 'id']);
create index message_by_id on messaging.message (id);
