DROP TABLE study_visit_places;
DROP TABLE study_visits;
DROP TABLE expert_bookings;
DROP TABLE expert_visit_team;
DROP TABLE expert_visits;
