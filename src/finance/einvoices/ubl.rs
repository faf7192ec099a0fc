//! Writes the semantic model as UBL 2.1 in the form of Peppol BIS Billing 3.0. Pure: the same
//! document always has the same bytes. What it is not: the deciding of what a document says, or
//! whether it may be sent; the elements stand in the order of the UBL schemas.

use crate::finance::einvoices::payment::PaymentMeans;
use crate::finance::einvoices::semantic::{
    Document, DocumentKind, Identifier, Line, Trader, VatBreakdown,
};
use crate::finance::einvoices::xml::{Tree, Unwritable};
use crate::finance::fees::Vat;
use crate::kernel::money::Money;

/// BT-24, the rules a document follows.
const CUSTOMIZATION: &str =
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";
/// BT-23, the business process.
const PROFILE: &str = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";
const AGGREGATES: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
const BASICS: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";
/// BT-130 of UN/ECE recommendation 20: a piece.
const PIECE: &str = "C62";

type Written = Result<(), Unwritable>;

/// The bytes of a document, in UTF-8.
///
/// # Errors
/// [`Unwritable`] for a text that XML cannot hold or that is empty; what the pre-flight let through
/// has none.
pub fn write(document: &Document) -> Result<Vec<u8>, Unwritable> {
    let (root, namespace) = match document.kind {
        DocumentKind::Invoice => (
            "Invoice",
            "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
        ),
        DocumentKind::CreditNote => (
            "CreditNote",
            "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
        ),
    };
    let namespaces = [
        ("xmlns", namespace),
        ("xmlns:cac", AGGREGATES),
        ("xmlns:cbc", BASICS),
    ];
    Tree::document(root, &namespaces, |tree| {
        head(tree, document)?;
        references(tree, document)?;
        tree.branch("cac:AccountingSupplierParty", |tree| {
            party(tree, &document.seller)
        })?;
        tree.branch("cac:AccountingCustomerParty", |tree| {
            party(tree, &document.buyer)
        })?;
        if let Some(payment) = &document.payment {
            payment_means(tree, payment)?;
        }
        if let Some(terms) = &document.payment_terms {
            tree.branch("cac:PaymentTerms", |tree| tree.leaf("cbc:Note", terms))?;
        }
        tax(tree, document)?;
        sums(tree, document)?;
        for each in &document.lines {
            line(tree, document.kind, each)?;
        }
        Ok(())
    })
}

fn head(tree: &mut Tree, document: &Document) -> Written {
    tree.leaf("cbc:CustomizationID", CUSTOMIZATION)?;
    tree.leaf("cbc:ProfileID", PROFILE)?;
    tree.leaf("cbc:ID", &document.number)?;
    tree.leaf("cbc:IssueDate", &document.issued_on.to_string())?;
    match document.kind {
        DocumentKind::Invoice => {
            let due_on = document.due_on.map(|day| day.to_string());
            tree.leaf_if("cbc:DueDate", due_on.as_deref())?;
            tree.leaf("cbc:InvoiceTypeCode", document.kind.code())?;
        }
        // The schema of credit notes has no day to pay by.
        DocumentKind::CreditNote => tree.leaf("cbc:CreditNoteTypeCode", document.kind.code())?,
    }
    tree.leaf_if("cbc:Note", document.note.as_deref())?;
    tree.leaf("cbc:DocumentCurrencyCode", document.currency.code())?;
    tree.leaf_if("cbc:BuyerReference", document.buyer_reference.as_deref())
}

fn references(tree: &mut Tree, document: &Document) -> Written {
    if let Some(order) = &document.order_reference {
        tree.branch("cac:OrderReference", |tree| tree.leaf("cbc:ID", order))?;
    }
    let Some(preceding) = &document.preceding else {
        return Ok(());
    };
    tree.branch("cac:BillingReference", |tree| {
        tree.branch("cac:InvoiceDocumentReference", |tree| {
            tree.leaf("cbc:ID", &preceding.number)?;
            let issued_on = preceding.issued_on.map(|day| day.to_string());
            tree.leaf_if("cbc:IssueDate", issued_on.as_deref())
        })
    })
}

fn party(tree: &mut Tree, trader: &Trader) -> Written {
    tree.branch("cac:Party", |tree| {
        identifier(tree, "cbc:EndpointID", &trader.endpoint)?;
        tree.branch("cac:PostalAddress", |tree| {
            let address = &trader.address;
            tree.leaf_if("cbc:StreetName", address.street.as_deref())?;
            tree.leaf_if("cbc:CityName", address.town.as_deref())?;
            tree.leaf_if("cbc:PostalZone", address.postal_code.as_deref())?;
            tree.branch("cac:Country", |tree| {
                tree.leaf("cbc:IdentificationCode", &address.country)
            })
        })?;
        if let Some(vat_id) = &trader.vat_id {
            tree.branch("cac:PartyTaxScheme", |tree| {
                tree.leaf("cbc:CompanyID", vat_id)?;
                tax_scheme(tree)
            })?;
        }
        tree.branch("cac:PartyLegalEntity", |tree| {
            tree.leaf("cbc:RegistrationName", &trader.name)?;
            match &trader.legal_id {
                Some(legal_id) => identifier(tree, "cbc:CompanyID", legal_id),
                None => Ok(()),
            }
        })
    })
}

fn identifier(tree: &mut Tree, name: &'static str, identifier: &Identifier) -> Written {
    let scheme = [("schemeID", identifier.scheme.code())];
    tree.leaf_with(name, &scheme, &identifier.value)
}

fn payment_means(tree: &mut Tree, payment: &PaymentMeans) -> Written {
    tree.branch("cac:PaymentMeans", |tree| {
        tree.leaf("cbc:PaymentMeansCode", payment.code())?;
        match payment {
            PaymentMeans::Account {
                registration: bank,
                account,
                reference,
                ..
            }
            | PaymentMeans::Abroad {
                iban: account,
                bic: bank,
                reference,
            } => {
                tree.leaf_if("cbc:PaymentID", reference.as_deref())?;
                tree.branch("cac:PayeeFinancialAccount", |tree| {
                    tree.leaf("cbc:ID", account)?;
                    tree.branch("cac:FinancialInstitutionBranch", |tree| {
                        tree.leaf("cbc:ID", bank)
                    })
                })
            }
            PaymentMeans::Slip(slip) => {
                tree.leaf("cbc:PaymentID", &slip.payment_id())?;
                tree.branch("cac:PayeeFinancialAccount", |tree| {
                    tree.leaf("cbc:ID", slip.creditor())
                })
            }
        }
    })
}

fn tax(tree: &mut Tree, document: &Document) -> Written {
    tree.branch("cac:TaxTotal", |tree| {
        amount(tree, "cbc:TaxAmount", document.totals.vat)?;
        for breakdown in &document.vat_breakdown {
            subtotal(tree, breakdown)?;
        }
        Ok(())
    })
}

fn subtotal(tree: &mut Tree, breakdown: &VatBreakdown) -> Written {
    tree.branch("cac:TaxSubtotal", |tree| {
        amount(tree, "cbc:TaxableAmount", breakdown.net)?;
        amount(tree, "cbc:TaxAmount", breakdown.tax)?;
        tree.branch("cac:TaxCategory", |tree| {
            category(tree, breakdown.vat)?;
            tree.leaf_if("cbc:TaxExemptionReasonCode", breakdown.exemption_code)?;
            let reason = breakdown.exemption_reason.as_deref();
            tree.leaf_if("cbc:TaxExemptionReason", reason)?;
            tax_scheme(tree)
        })
    })
}

/// Category and rate; what is outside the scope has no rate (BR-O-05).
fn category(tree: &mut Tree, vat: Vat) -> Written {
    tree.leaf("cbc:ID", vat.code())?;
    let percent = (vat != Vat::OutsideScope).then(|| percent(vat.basis_points()));
    tree.leaf_if("cbc:Percent", percent.as_deref())
}

fn percent(basis_points: u16) -> String {
    format!("{}.{:02}", basis_points / 100, basis_points % 100)
}

fn tax_scheme(tree: &mut Tree) -> Written {
    tree.branch("cac:TaxScheme", |tree| tree.leaf("cbc:ID", "VAT"))
}

fn sums(tree: &mut Tree, document: &Document) -> Written {
    let totals = document.totals;
    tree.branch("cac:LegalMonetaryTotal", |tree| {
        amount(tree, "cbc:LineExtensionAmount", totals.net)?;
        amount(tree, "cbc:TaxExclusiveAmount", totals.net)?;
        amount(tree, "cbc:TaxInclusiveAmount", totals.gross)?;
        amount(tree, "cbc:PayableAmount", totals.gross)
    })
}

fn line(tree: &mut Tree, kind: DocumentKind, line: &Line) -> Written {
    let (name, quantity) = match kind {
        DocumentKind::Invoice => ("cac:InvoiceLine", "cbc:InvoicedQuantity"),
        DocumentKind::CreditNote => ("cac:CreditNoteLine", "cbc:CreditedQuantity"),
    };
    tree.branch(name, |tree| {
        tree.leaf("cbc:ID", &line.position.to_string())?;
        let count = line.quantity.to_string();
        tree.leaf_with(quantity, &[("unitCode", PIECE)], &count)?;
        amount(tree, "cbc:LineExtensionAmount", line.net)?;
        if let Some((first, last)) = line.period {
            tree.branch("cac:InvoicePeriod", |tree| {
                tree.leaf("cbc:StartDate", &first.to_string())?;
                tree.leaf("cbc:EndDate", &last.to_string())
            })?;
        }
        tree.branch("cac:Item", |tree| {
            tree.leaf_if("cbc:Description", line.description.as_deref())?;
            tree.leaf("cbc:Name", &line.name)?;
            tree.branch("cac:ClassifiedTaxCategory", |tree| {
                category(tree, line.vat)?;
                tax_scheme(tree)
            })
        })?;
        tree.branch("cac:Price", |tree| {
            amount(tree, "cbc:PriceAmount", line.price)
        })
    })
}

fn amount(tree: &mut Tree, name: &'static str, money: Money) -> Written {
    let currency = [("currencyID", money.currency.code())];
    tree.leaf_with(name, &currency, &money.amount())
}
