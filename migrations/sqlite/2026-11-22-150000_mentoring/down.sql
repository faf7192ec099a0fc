DROP TABLE pairing_legs;
DROP TABLE mentor_pairings;
