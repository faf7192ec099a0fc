DROP TABLE practices;
DROP TABLE activities;
DROP TABLE package_deliverables;
DROP TABLE packages;
