//! Which mutations want the version that was read. What it is not: what comes of another one; that is
//! tested with each slice.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql_parser::parse_schema;
use async_graphql_parser::types::{TypeKind, TypeSystemDefinition};
use intercultural_cities::server::graphql;

/// Those that want none: they make something new, or take a share of what many use at once.
/// docs/API.md says so.
const WITHOUT_VERSION: &[&str] = &[
    "allocatePayment",
    "applyFeeRun",
    "applyForGrant",
    "applyForMembership",
    "applyReminderRun",
    "appointCoordinator",
    "beginAssessment",
    "disputeInvoice",
    "draftDocument",
    "draftFeeInvoice",
    "draftPackageInvoice",
    "enrolInPackage",
    "grantRole",
    "inviteUser",
    "joinStudyVisit",
    "leaveStudyVisit",
    "loadQuestionnaire",
    "pairCities",
    "pauseReminders",
    "promisePayment",
    "proposePractice",
    "recogniseRevenue",
    "recordDeliveryResponse",
    "recordInquiry",
    "recordPayment",
    "registerCity",
    "registerExpert",
    "registerFunder",
    "registerPartner",
    "registerPerson",
    "releaseAllocation",
    "remarkOnDocument",
    "revokeRole",
    "scheduleExpertVisit",
    "scheduleStudyVisit",
    "setPrice",
    "upgradeToPackage",
];

#[test]
fn what_is_changed_is_changed_by_version() {
    let document = parse_schema(graphql::published()).unwrap();
    let types: BTreeMap<String, TypeKind> = document
        .definitions
        .into_iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(one) => {
                Some((one.node.name.node.to_string(), one.node.kind))
            }
            _ => None,
        })
        .collect();
    let TypeKind::Object(mutations) = &types["Mutation"] else {
        panic!("no mutations");
    };
    let (mut with, mut without) = (BTreeSet::new(), BTreeSet::new());
    for mutation in &mutations.fields {
        let name = mutation.node.name.node.as_str();
        let input = mutation.node.arguments[0].node.ty.node.to_string();
        let TypeKind::InputObject(input) = &types[input.trim_end_matches('!')] else {
            panic!("{name} has no input");
        };
        let version = input
            .fields
            .iter()
            .find(|one| one.node.name.node == "version");
        if let Some(version) = version {
            // Wanted, or it would be left out where it matters.
            assert_eq!(version.node.ty.node.to_string(), "Int!", "{name}");
            with.insert(name);
        } else {
            without.insert(name);
        }
    }
    assert_eq!(
        without,
        WITHOUT_VERSION.iter().copied().collect::<BTreeSet<_>>()
    );
    assert!(with.len() >= 21, "{with:?}");
}
