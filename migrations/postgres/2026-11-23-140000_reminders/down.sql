DROP TABLE reminder_holds;
DROP TABLE late_charges;
DROP TABLE reminders;
DROP TABLE reminder_runs;
DROP TABLE reminder_policies;
DROP FUNCTION refuse_reminder_out_of_order();
DROP FUNCTION refuse_hold_change();
