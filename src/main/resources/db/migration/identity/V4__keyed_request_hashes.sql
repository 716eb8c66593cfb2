-- A hash of a request that held a phone number gave the number away to whoever tried all there are. Now the key of the
-- call goes into the hash, and of the key itself only a hash is kept: without it there is nothing to try against.
-- The owner is under the policies too, which are for the application.
alter table identity.idempotency no force row level security;
update identity.idempotency set
    key = encode(sha256(convert_to(key, 'UTF8')), 'hex'),
    request_hash = encode(sha256(convert_to(key || ' ' || request_hash, 'UTF8')), 'hex');
alter table identity.idempotency force row level security;

alter table identity.idempotency add check (length(key) = 64 and length(request_hash) = 64);
