DROP TABLE reminder_holds;
DROP TABLE late_charges;
DROP TABLE reminders;
DROP TABLE reminder_runs;
DROP TABLE reminder_policies;
