//! Everything that can be allowed. What it is not: to whom; that is the one table in `policy.rs`.

macro_rules! permissions {
    ($($(#[$meta:meta])* $name:ident => $words:literal),* $(,)?) => {
        /// Something a role may do or see.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Permission {
            $($(#[$meta])* $name),*
        }

        impl Permission {
            /// Every permission, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What it allows, for the message to somebody who lacks it.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words),* }
            }
        }
    };
}

permissions! {
    /// Cities that are not public: inquiries, applications, rejections.
    SeeUnpublishedCities => "see cities that are not members yet",
    /// Invoicing addresses and order references.
    SeeInvoicing => "see a city's invoicing details",
    /// Work e-mail and phone of coordinators.
    SeeContacts => "see contact details",
    /// Memberships with their dates and events.
    SeeMemberships => "see memberships",
    /// The people around a city.
    SeePeople => "see people",
    /// The experts.
    SeeExperts => "see experts",
    /// The partner organisations.
    SeePartners => "see partners",
    /// Invoices, payments, balances.
    SeeFinance => "see invoices and payments",
    /// Packages, activities.
    SeeProgramme => "see packages and activities",
    /// Visits that are planned.
    SeeVisits => "see visits",
    /// Mentor pairings.
    SeePairings => "see mentor pairings",
    /// The users and their roles.
    SeeUsers => "see users",
    /// The audit log.
    SeeAudit => "see the audit log",
    /// The work list.
    SeeAttention => "see the work list",
    /// Stored files.
    SeeFiles => "see files",
    /// Register cities.
    RegisterCity => "register cities",
    /// Change a city's record.
    ReviseCity => "revise a city",
    /// Apply, admit, activate, suspend, resume, withdraw.
    DecideMembership => "decide on memberships",
    /// Appoint, replace and end coordinators and deputies.
    AppointCoordinator => "appoint coordinators",
    /// Register people, experts and partners.
    RegisterPeople => "register people, experts and partners",
    /// Invite users, give and take roles, disable accounts.
    ManageUsers => "manage users",
    /// Set prices.
    SetPrices => "set prices",
    /// Draft, issue and credit invoices.
    Invoice => "draft, issue and credit invoices",
    /// Recognise revenue, lock periods, close years.
    CloseBooks => "close the books",
    /// Record and allocate payments.
    SettlePayments => "record and allocate payments",
    /// Apply for grants.
    ApplyForGrants => "apply for grants",
    /// Enrol cities in packages.
    EnrolInPackage => "enrol cities in packages",
    /// Plan activities, note who came, say that they are delivered.
    DeliverActivities => "plan and deliver activities",
    /// Accept what was delivered, for the city.
    AcceptDeliveries => "accept what was delivered to a city",
    /// Load questionnaires of the index.
    KeepQuestionnaires => "load questionnaires",
    /// Fill in and submit assessments of a city.
    TakeAssessments => "fill in and submit assessments",
    /// Return, approve, publish and withdraw assessments.
    ReviewAssessments => "review and publish assessments",
    /// Let a city's assessment be published, for the city.
    ConsentToPublication => "consent to the publication of a city's assessment",
    /// Say how far a city is with the steps, and where its policy stands.
    ReportProgress => "report a city's steps and policy",
    /// Verify that a step is done.
    VerifySteps => "verify steps",
    /// Write proposals for the library of practices.
    ProposePractices => "propose practices",
    /// Publish, give back and archive practices.
    ModeratePractices => "moderate practices",
    /// Write documents about cities, and take them on to the city and to everybody.
    WriteDocuments => "write documents about cities",
    /// Check the facts of documents about a city, for the city.
    CheckFacts => "check the facts of a city's documents",
    /// Schedule and cancel visits.
    ScheduleVisits => "schedule visits",
    /// Join and leave study visits.
    JoinStudyVisits => "join study visits",
    /// Pair cities and end pairings.
    PairCities => "pair cities",
    /// Agree to a pairing on a city's behalf.
    ConsentToPairing => "consent to a pairing",
    /// Store files.
    StoreFiles => "store files",
    /// Import spreadsheets.
    Import => "import spreadsheets",
    /// Export the registry.
    ExportRegistry => "export the registry",
    /// Export invoices and payments.
    ExportFinance => "export invoices and payments",
}
