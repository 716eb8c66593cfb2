-- Which of the services of I-1.1 a complaint is about, as the assessment saw it.
alter table complaint.complaint add column service text check (service ~ '^[A-Z_]+$');
