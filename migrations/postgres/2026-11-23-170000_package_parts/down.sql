DROP TABLE package_parts;
