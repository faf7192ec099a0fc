//! What becomes of a delivery, and in which form a document goes. Pure.

use crate::finance::deliveries::model::{Channel, DeliveryResponse, DeliveryState};
use crate::finance::invoices::Party;
use crate::kernel::refusal::{Refusal, RefusalCode};

/// In which form a buyer gets documents: Danish buyers and those with a GLN take electronic ones, others
/// get pages by mail.
///
/// # Errors
/// `Required` for a buyer who can be reached in neither way.
pub fn channel(buyer: &Party, mail: Option<&str>) -> Result<Channel, Refusal> {
    if buyer.country == "DK" || buyer.gln.is_some() {
        return Ok(Channel::Electronic);
    }
    if mail.is_some() {
        return Ok(Channel::Mail);
    }
    let name = &buyer.name;
    Err(Refusal::new(
        RefusalCode::Required,
        "buyer.invoiceEmail",
        format!(
            "{name} needs a GLN, or an e-mail address for invoices: there is no way to send it."
        ),
        format!(
            "{name} mangler et GLN-nummer eller en e-mailadresse til fakturaer: den kan ikke sendes."
        ),
    ))
}

/// Whether a document may be sent again: not while it is on its way, nor once it is accepted.
///
/// # Errors
/// `NotInState`.
pub fn check_again(state: DeliveryState) -> Result<(), Refusal> {
    let (en, da) = match state {
        DeliveryState::Queued => (
            "It is queued already and leaves with the next attempt.",
            "Den er allerede i kø og afsendes ved næste forsøg.",
        ),
        DeliveryState::Accepted => (
            "The buyer has accepted it already.",
            "Køberen har allerede godkendt den.",
        ),
        DeliveryState::Sent | DeliveryState::Delivered | DeliveryState::Rejected => return Ok(()),
    };
    Err(Refusal::new(RefusalCode::NotInState, "", en, da))
}

/// The state after an answer; none when it changes nothing: an answer that came before, or a late word
/// that it was delivered. An answer may come before we know that the document was taken.
///
/// # Errors
/// `NotInState` for an acceptance of what was rejected and the other way round.
pub fn answered(
    state: DeliveryState,
    response: DeliveryResponse,
) -> Result<Option<DeliveryState>, Refusal> {
    use DeliveryResponse as R;
    use DeliveryState as S;
    let next = match response {
        R::Delivered => S::Delivered,
        R::Accepted => S::Accepted,
        R::Rejected => S::Rejected,
    };
    match (state, response) {
        (S::Queued | S::Sent, _) | (S::Delivered, R::Accepted | R::Rejected) => Ok(Some(next)),
        (S::Delivered | S::Accepted | S::Rejected, R::Delivered)
        | (S::Accepted, R::Accepted)
        | (S::Rejected, R::Rejected) => Ok(None),
        (S::Accepted, R::Rejected) => Err(contradiction(
            "It was accepted already; a later rejection is for the buyer and us to talk about.",
            "Den er allerede godkendt; en senere afvisning må aftales med køberen.",
        )),
        (S::Rejected, R::Accepted) => Err(contradiction(
            "It was rejected already; send it again first.",
            "Den er allerede afvist; send den først igen.",
        )),
    }
}

fn contradiction(en: &str, da: &str) -> Refusal {
    Refusal::new(RefusalCode::NotInState, "state", en, da)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_count_once_in_any_order() {
        use DeliveryResponse as R;
        use DeliveryState as S;
        for (state, response, next) in [
            (S::Queued, R::Delivered, Ok(Some(S::Delivered))),
            (S::Queued, R::Rejected, Ok(Some(S::Rejected))),
            (S::Sent, R::Delivered, Ok(Some(S::Delivered))),
            (S::Sent, R::Accepted, Ok(Some(S::Accepted))),
            (S::Sent, R::Rejected, Ok(Some(S::Rejected))),
            (S::Delivered, R::Delivered, Ok(None)),
            (S::Delivered, R::Accepted, Ok(Some(S::Accepted))),
            (S::Delivered, R::Rejected, Ok(Some(S::Rejected))),
            (S::Accepted, R::Delivered, Ok(None)),
            (S::Accepted, R::Accepted, Ok(None)),
            (S::Accepted, R::Rejected, Err(RefusalCode::NotInState)),
            (S::Rejected, R::Delivered, Ok(None)),
            (S::Rejected, R::Rejected, Ok(None)),
            (S::Rejected, R::Accepted, Err(RefusalCode::NotInState)),
        ] {
            let found = answered(state, response).map_err(|refusal| refusal.code);
            assert_eq!(found, next, "{state} {response}");
        }
    }

    #[test]
    fn buyers_get_what_they_can_take() {
        let buyer = |country: &str, gln: Option<&str>| Party {
            country: country.to_owned(),
            gln: gln.map(str::to_owned),
            ..Party::default()
        };
        let mail = Some("invoices@example.org");
        for (buyer, mail, expected) in [
            (buyer("DK", None), None, Ok(Channel::Electronic)),
            (buyer("DK", None), mail, Ok(Channel::Electronic)),
            (
                buyer("NO", Some("5790000000005")),
                mail,
                Ok(Channel::Electronic),
            ),
            (buyer("NO", None), mail, Ok(Channel::Mail)),
            (buyer("NO", None), None, Err(RefusalCode::Required)),
        ] {
            let found = channel(&buyer, mail).map_err(|refusal| refusal.code);
            assert_eq!(found, expected, "{buyer:?}");
        }
    }

    #[test]
    fn what_is_on_its_way_is_not_sent_again() {
        for (state, again) in [
            (DeliveryState::Queued, false),
            (DeliveryState::Sent, true),
            (DeliveryState::Delivered, true),
            (DeliveryState::Accepted, false),
            (DeliveryState::Rejected, true),
        ] {
            assert_eq!(check_again(state).is_ok(), again, "{state}");
        }
    }
}
