//! What the house allows itself against its own order, each with its reason. What it is not: a place
//! to put a new exception without one.

/// The longest file.
pub(super) const MOST_LINES: usize = 400;

/// The rooms whose folders are slices.
pub(super) const ROOMS_OF_SLICES: [&str; 6] = [
    "identity",
    "registry",
    "programme",
    "finance",
    "scheduling",
    "mentoring",
];

/// The files that a slice has: `inputs` are those of a long `graphql`, `tests` the longer unit tests
/// of a file beside it.
pub(super) const SLICE: [&str; 10] = [
    "mod", "model", "rules", "store", "actions", "graphql", "inputs", "rest", "jobs", "tests",
];

/// Why the records of a spreadsheet have a file of their own.
const ADOPTION: &str =
    "records taken over from a spreadsheet follow other rules than those entered";

/// Slices that are more than a record and its rules: their further files are named by topic.
pub(super) const TOPICS: &[(&str, &str, &[&str])] = &[
    (
        "finance/credit_notes",
        "what a document says, and the lists that finance asks for",
        &["content", "lists"],
    ),
    (
        "finance/refunds",
        "the list that finance asks for",
        &["lists"],
    ),
    (
        "finance/write_offs",
        "the list that finance asks for",
        &["lists"],
    ),
    (
        "finance/deliveries",
        "what did not arrive, and the way out of the service",
        &["courier", "lists"],
    ),
    (
        "finance/documents",
        "a pure translation without a table: what a document says, where it stands on paper, and the file",
        &[
            "invoice",
            "letter",
            "pages",
            "paper",
            "pdf",
            "tables",
            "typesetting",
            "words",
        ],
    ),
    (
        "finance/einvoices",
        "a pure translation without a table: the standard's model, what may be wrong with it, and its syntax",
        &[
            "charges",
            "facts",
            "mapping",
            "parties",
            "payment",
            "preflight",
            "semantic",
            "taxes",
            "ubl",
            "xml",
        ],
    ),
    (
        "finance/bank",
        "files of several forms are read and judged without a database, entries are known again, matched and decided about",
        &[
            "amounts",
            "camt",
            "checks",
            "deciding",
            "fault",
            "fingerprints",
            "importing",
            "knowledge",
            "lists",
            "matching",
            "policies",
            "proposing",
            "refusals",
            "returns",
            "statement",
            "tables",
            "undoing",
            "xml",
        ],
    ),
    (
        "finance/statements",
        "what is shown is also written as pages",
        &["letter"],
    ),
    (
        "finance/fee_runs",
        "the preview and the run make one plan, and both have lists",
        &["lists", "plan", "preview"],
    ),
    (
        "finance/fees",
        "a pure calculation without a table; each file is a part of the tariff",
        &[
            "fee_refusal",
            "first_year",
            "formula",
            "package_terms",
            "policy",
            "prices",
            "product",
            "quote",
            "refunds",
            "vat",
            "years",
        ],
    ),
    (
        "finance/grants",
        "an award is promised, divided among payers and taken back by rules and deeds of their own",
        &[
            "awarding",
            "dividing",
            "funding",
            "lists",
            "notices",
            "payers",
            "preparing",
            "recalling",
            "said",
            "words",
        ],
    ),
    (
        "finance/invoices",
        "drafting and issuing are deeds of their own, and so are the lists finance asks for",
        &[
            "bookkeeping",
            "charged",
            "content",
            "coverage",
            "drafts",
            "dues",
            "fee_batches",
            "fee_drafts",
            "issuing",
            "late_drafts",
            "lists",
            "payment_plans",
            "payment_reference",
            "open_amounts",
            "opening_items",
            "settling",
            "share_drafts",
            "shares",
            "tax",
            "totals",
        ],
    ),
    (
        "finance/ledger",
        "double entry: which accounts a deed moves, and the sums by month",
        &["balances", "lists", "postings"],
    ),
    (
        "finance/legal",
        "no table: what the law says, a reader for each file of data",
        &["banking_days", "load", "reference_rates", "rows", "terms"],
    ),
    (
        "finance/payments",
        "the lists that finance asks for, and money that is taken off invoices again",
        &["bookkeeping", "lists", "taking_back"],
    ),
    (
        "finance/reminders",
        "what lateness costs is computed and charged apart from what is sent, and a run sends for all",
        &[
            "charges", "charging", "facts", "interest", "letter", "lists", "pages", "runs",
        ],
    ),
    (
        "finance/revenue",
        "how many lines that are alike still earn, kept beside the lines",
        &["groups"],
    ),
    (
        "finance/sellers",
        "who invoices, read from a file, the accounts it is paid on, and how it reminds",
        &["accounts", "profile", "reminder_policy"],
    ),
    (
        "identity/audit",
        "the signed points of the chain, kept outside of the database, the walk that finds what was changed, and the words for it",
        &["checkpoints", "problem", "walk"],
    ),
    (
        "identity/roles",
        "a coordinator's role follows posts that another room keeps",
        &["posts"],
    ),
    (
        "programme/activities",
        "what is planned, shown, delivered and accepted are deeds of different people, and units go with them",
        &[
            "accepting",
            "attending",
            "delivery",
            "facts",
            "overdue",
            "planning",
            "records",
            "units",
        ],
    ),
    (
        "programme/assessments",
        "answers are given, looked at and published by different people, and each question about the scores is a pure calculation",
        &[
            "benchmarks",
            "charts",
            "comparison",
            "improvement",
            "lists",
            "recommending",
            "reviewing",
            "scoring",
            "tallies",
        ],
    ),
    (
        "programme/questionnaires",
        "a file is read and judged without a database",
        &["format"],
    ),
    (
        "programme/packages",
        "a contract is changed by deeds of its own, some of which a second person approves",
        &["amending", "amendments", "forecast", "notices", "timeline"],
    ),
    (
        "programme/documents",
        "who writes and who decides are different people, there are lists, and texts are compared",
        &["lists", "text", "workflow"],
    ),
    (
        "programme/search",
        "an index in memory beside the records: how texts are cut, what is read, what is asked",
        &["analysis", "content", "index", "question", "words"],
    ),
    (
        "programme/practices",
        "the words of a practice are one document",
        &["content"],
    ),
    (
        "programme/practice_proposals",
        "the list that the secretariat asks for",
        &["lists"],
    ),
    (
        "programme/reference",
        "no table: the compiled-in texts, a reader for each file of data/reference",
        &[
            "checks",
            "codes",
            "error",
            "load",
            "read_indicators",
            "read_networks",
            "read_offer",
            "read_policy",
            "read_practices",
        ],
    ),
    (
        "registry/cities",
        "records taken over from a spreadsheet, and reforms that make one city of several, follow other rules than those entered",
        &["adoption", "names", "succession"],
    ),
    (
        "registry/coordinators",
        "records taken over from a spreadsheet follow other rules than those entered, and posts that nobody holds are no record",
        &["adoption", "vacancies"],
    ),
    ("registry/experts", ADOPTION, &["adoption"]),
    (
        "registry/memberships",
        "the longest life of the network: its files are stages of a membership",
        &[
            "adopt", "comings", "ends", "listing", "progress", "refusals", "standing",
        ],
    ),
    ("registry/partners", ADOPTION, &["adoption"]),
    ("registry/people", ADOPTION, &["adoption"]),
    (
        "scheduling/study_visits",
        "the places of a visit are nodes of their own",
        &["places_graphql"],
    ),
];

/// Files beside `model.rs` and `store.rs` that name tables.
pub(super) const NAME_TABLES: [(&str, &str); 3] = [
    (
        "identity/idempotency.rs",
        "one table that the edge writes in the transaction of any effect",
    ),
    (
        "identity/viewers.rs",
        "reads the roles of a session for every request; it belongs to no slice",
    ),
    (
        "workflows/generation/records.rs",
        "copies the records of all slices at once into an empty database, for load tests only",
    ),
];

/// `mod.rs` files with functions.
pub(super) const DOORS: [(&str, &str); 3] = [
    (
        "workflows/demonstration/mod.rs",
        "the order in which the demonstration is told",
    ),
    (
        "cli/mod.rs",
        "the door of the command line: it chooses the subcommand",
    ),
    (
        "db/mod.rs",
        "the connection type itself, which everything below it extends",
    ),
];

/// Imports against the ladder, each with its reason.
pub(super) const AGAINST: [(&str, &str, &str); 2] = [
    (
        "api/problem.rs",
        "server",
        "a refused request is one type for GraphQL and REST, and the transport owns it",
    ),
    (
        "api/rest.rs",
        "server",
        "a REST handler takes the admitted request, which the server's middleware made",
    ),
];

/// Writers that other slices call, each with its reason.
pub(super) const WRITERS_FOR_OTHERS: [(&str, &str, &str); 7] = [
    (
        "identity/attempts/store.rs",
        "settle",
        "a part of every check of a password",
    ),
    (
        "identity/attempts/store.rs",
        "forgive",
        "a new password forgives earlier failures",
    ),
    ("identity/attempts/store.rs", "forget", "housekeeping"),
    ("identity/invitations/store.rs", "forget", "housekeeping"),
    (
        "identity/invitations/store.rs",
        "void",
        "a disabled account has no open links",
    ),
    ("identity/sessions/store.rs", "forget", "housekeeping"),
    (
        "registry/cities/store.rs",
        "publish",
        "a membership makes its city public",
    ),
];

/// Edge files that read the server's own description of problems for openapi.json.
pub(super) const DESCRIBES_PROBLEMS: &str = "crate::server::openapi::Problem";
