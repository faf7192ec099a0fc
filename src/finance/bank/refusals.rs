//! What deciding about entries of the bank says no to. What it is not: what is wrong with a file (`fault`).

use crate::finance::bank::model::BankEntryState;
use crate::kernel::refusal::{Refusal, RefusalCode};

pub(super) fn decided(state: BankEntryState) -> Refusal {
    let (en, da) = match state {
        BankEntryState::Replaced => (
            "A later file told what this batch is made of; decide about its parts.",
            "En senere fil fortalte, hvad denne samling består af; tag stilling til dens dele.",
        ),
        _ => (
            "Somebody decided about this entry already; undo that first.",
            "Der er allerede taget stilling til denne postering; fortryd det først.",
        ),
    };
    Refusal::new(RefusalCode::NotInState, "entryId", en, da)
}

pub(super) fn no_proposal(named: bool) -> Refusal {
    if named {
        return Refusal::new(
            RefusalCode::NotFound,
            "proposalId",
            "The entry has no such proposal; proposals are made anew when more is known.",
            "Posteringen har ikke det forslag; forslag laves om, når mere er kendt.",
        );
    }
    Refusal::new(
        RefusalCode::NotInState,
        "entryId",
        "Nothing is proposed for this entry; say what it is with matchEntry.",
        "Intet er foreslået for denne postering; sig, hvad den er, med matchEntry.",
    )
}

pub(super) fn which_payment() -> Refusal {
    Refusal::new(
        RefusalCode::Required,
        "paymentId",
        "Money went: name the payment that it takes back, or ignore the entry.",
        "Penge gik ud: nævn den betaling, der føres tilbage, eller ignorér posteringen.",
    )
}

pub(super) fn which_city() -> Refusal {
    Refusal::new(
        RefusalCode::Required,
        "cityId",
        "Name the city that paid, or the invoices that the money is for.",
        "Nævn byen, der betalte, eller de fakturaer, pengene er til.",
    )
}

pub(super) fn another_amount() -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        "paymentId",
        "The payment is of another amount or currency than the entry.",
        "Betalingen er på et andet beløb eller i en anden valuta end posteringen.",
    )
}

pub(super) fn linked_already() -> Refusal {
    Refusal::new(
        RefusalCode::NotInState,
        "paymentId",
        "The payment belongs to another entry of the bank, or is reversed.",
        "Betalingen hører til en anden postering i banken eller er tilbageført.",
    )
}

pub(super) fn nothing_to_undo() -> Refusal {
    Refusal::new(
        RefusalCode::NotInState,
        "entryId",
        "Nothing was decided about this entry, or that is undone already.",
        "Der er ikke taget stilling til denne postering, eller det er allerede fortrudt.",
    )
}

pub(super) fn not_a_confidence() -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        "automaticFrom",
        "A confidence from 50 to 100; leave it out to be asked always.",
        "En sikkerhed fra 50 til 100; udelad den for altid at blive spurgt.",
    )
}
