-- How a package is paid when its plan is not one of equal instalments: parts with amounts of their own. A
-- milestone falls on the day it was reached, and on none before.
CREATE TABLE package_parts (
    package_id uuid NOT NULL REFERENCES packages (id),
    position integer NOT NULL,
    title text COLLATE "C",
    amount_minor bigint NOT NULL,
    falls_on date,
    PRIMARY KEY (package_id, position),
    CONSTRAINT package_parts_amount CHECK (amount_minor > 0),
    CONSTRAINT package_parts_milestone CHECK (falls_on IS NOT NULL OR title IS NOT NULL)
);
