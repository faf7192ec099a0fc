//! A checker of UBL documents from the meaning of the published rules of EN 16931, Peppol BIS
//! Billing 3.0 and its Danish part. What it is not: the serializer's code, of which it uses none; it
//! reads the bytes with another XML library and computes everything anew.

use roxmltree::{Document, Node};

/// The rules that the document breaks, each with what was found.
pub(super) fn problems(xml: &str) -> Vec<String> {
    let document = match Document::parse(xml) {
        Ok(document) => document,
        Err(error) => return vec![format!("XML: {error}")],
    };
    let mut judge = Judge {
        root: document.root_element(),
        problems: Vec::new(),
    };
    judge.document();
    judge.parties();
    judge.amounts();
    judge.lines();
    judge.tax();
    judge.payment();
    judge.problems
}

struct Judge<'a> {
    root: Node<'a, 'a>,
    problems: Vec<String>,
}

/// The elements at a path of local names.
fn all<'a>(from: Node<'a, 'a>, path: &str) -> Vec<Node<'a, 'a>> {
    path.split('/').fold(vec![from], |nodes, name| {
        nodes
            .into_iter()
            .flat_map(|node| node.children())
            .filter(|node| node.tag_name().name() == name)
            .collect()
    })
}

fn text<'a>(from: Node<'a, 'a>, path: &str) -> Option<&'a str> {
    all(from, path).first().and_then(Node::text)
}

/// A decimal number in ten-thousandths.
fn number(from: Node<'_, '_>, path: &str) -> i128 {
    let Some(written) = all(from, path).first().and_then(Node::text) else {
        return 0;
    };
    let (whole, part) = written.split_once('.').unwrap_or((written, ""));
    let digits = format!("{}{part:0<4}", whole.trim_start_matches('-'));
    let value: i128 = digits.parse().unwrap();
    if written.starts_with('-') {
        -value
    } else {
        value
    }
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.chars().all(|one| one.is_ascii_digit())
}

impl<'a> Judge<'a> {
    fn hold(&mut self, rule: &str, holds: bool) {
        if !holds {
            self.problems.push(rule.to_owned());
        }
    }

    fn is_credit(&self) -> bool {
        self.root.tag_name().name() == "CreditNote"
    }

    fn lines_of(&self) -> Vec<Node<'a, 'a>> {
        all(
            self.root,
            if self.is_credit() {
                "CreditNoteLine"
            } else {
                "InvoiceLine"
            },
        )
    }

    fn document(&mut self) {
        let root = self.root;
        let empty = root.descendants().filter(Node::is_element).any(|node| {
            !node.children().any(|child| child.is_element())
                && node.text().unwrap_or_default().trim().is_empty()
        });
        self.hold("PEPPOL-EN16931-R008", !empty);
        self.hold(
            "PEPPOL-EN16931-R001",
            text(root, "ProfileID") == Some("urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"),
        );
        self.hold(
            "PEPPOL-EN16931-R004",
            text(root, "CustomizationID")
                == Some(
                    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
                ),
        );
        let referred = text(root, "BuyerReference").or(text(root, "OrderReference/ID"));
        self.hold("PEPPOL-EN16931-R003", referred.is_some());
        self.hold("BR-02", text(root, "ID").is_some());
        self.hold(
            "BR-03",
            text(root, "IssueDate").is_some_and(|day| day.len() == 10),
        );
        let code = text(root, "InvoiceTypeCode").or(text(root, "CreditNoteTypeCode"));
        self.hold(
            "BR-04",
            code == Some(if self.is_credit() { "381" } else { "380" }),
        );
        let preceding = text(root, "BillingReference/InvoiceDocumentReference/ID");
        self.hold("BR-55", preceding.is_some() == self.is_credit());
        let terms = text(root, "DueDate").or(text(root, "PaymentTerms/Note"));
        let payable = number(root, "LegalMonetaryTotal/PayableAmount");
        self.hold("BR-CO-25", payable <= 0 || terms.is_some());
        self.hold("BR-16", !self.lines_of().is_empty());
        let currency = text(root, "DocumentCurrencyCode")
            .unwrap_or_default()
            .to_owned();
        for amount in root
            .descendants()
            .filter(|node| node.has_attribute("currencyID"))
        {
            self.hold(
                "PEPPOL-EN16931-R051",
                amount.attribute("currencyID") == Some(&currency),
            );
            let decimals = amount
                .text()
                .and_then(|text| text.split_once('.'))
                .map_or(0, |(_, part)| part.len());
            self.hold("BR-DEC", decimals <= 2);
        }
    }

    fn parties(&mut self) {
        for (side, missing) in [
            ("AccountingSupplierParty", "PEPPOL-EN16931-R020"),
            ("AccountingCustomerParty", "PEPPOL-EN16931-R010"),
        ] {
            let Some(party) = all(self.root, &format!("{side}/Party")).first().copied() else {
                self.hold(missing, false);
                continue;
            };
            self.hold(missing, text(party, "EndpointID").is_some());
            self.hold(
                "BR-06",
                text(party, "PartyLegalEntity/RegistrationName").is_some(),
            );
            self.hold(
                "BR-09",
                text(party, "PostalAddress/Country/IdentificationCode")
                    .is_some_and(|code| code.len() == 2),
            );
            for number in party
                .descendants()
                .filter(|node| node.has_attribute("schemeID"))
            {
                let value = number.text().unwrap_or_default();
                match number.attribute("schemeID") {
                    Some("0088") => self.hold("PEPPOL-COMMON-R040", is_gln(value)),
                    Some("0184") => self.hold(
                        "PEPPOL-COMMON-R042",
                        value.strip_prefix("DK").is_some_and(|rest| digits(rest, 8)),
                    ),
                    other => self.problems.push(format!("an unknown register {other:?}")),
                }
            }
            if let Some(vat) = text(party, "PartyTaxScheme/CompanyID") {
                let prefixed = vat.chars().take(2).all(|one| one.is_ascii_uppercase());
                self.hold("BR-CO-09", prefixed && vat.len() > 2);
            }
        }
        let seller = all(
            self.root,
            "AccountingSupplierParty/Party/PartyLegalEntity/CompanyID",
        );
        self.hold("DK-R-002", !seller.is_empty());
        self.hold(
            "DK-R-014",
            seller
                .iter()
                .all(|id| id.attribute("schemeID") == Some("0184")),
        );
    }

    fn amounts(&mut self) {
        let total = |name: &str| number(self.root, &format!("LegalMonetaryTotal/{name}"));
        let (net, exclusive) = (total("LineExtensionAmount"), total("TaxExclusiveAmount"));
        let (inclusive, payable) = (total("TaxInclusiveAmount"), total("PayableAmount"));
        let tax = number(self.root, "TaxTotal/TaxAmount");
        let lines: i128 = self
            .lines_of()
            .iter()
            .map(|line| number(*line, "LineExtensionAmount"))
            .sum();
        let taxes: i128 = all(self.root, "TaxTotal/TaxSubtotal/TaxAmount")
            .iter()
            .map(|node| number(node.parent().unwrap(), "TaxAmount"))
            .sum();
        self.hold("BR-CO-10", lines == net);
        self.hold("BR-CO-13", net == exclusive);
        self.hold("BR-CO-14", taxes == tax);
        self.hold("BR-CO-15", exclusive + tax == inclusive);
        self.hold("BR-CO-16", inclusive == payable);
        self.hold("DK-R-016", payable >= 0);
    }

    fn lines(&mut self) {
        let quantity = if self.is_credit() {
            "CreditedQuantity"
        } else {
            "InvoicedQuantity"
        };
        let mut places = Vec::new();
        for line in self.lines_of() {
            places.push(text(line, "ID").unwrap_or_default());
            let (count, price) = (number(line, quantity), number(line, "Price/PriceAmount"));
            self.hold(
                "PEPPOL-EN16931-R120",
                count * price == number(line, "LineExtensionAmount") * 10_000,
            );
            self.hold(
                "BR-23",
                all(line, quantity)
                    .iter()
                    .all(|node| node.attribute("unitCode") == Some("C62")),
            );
            self.hold("BR-25", text(line, "Item/Name").is_some());
            self.hold("BR-27", price >= 0);
            self.hold(
                "BR-CO-04",
                text(line, "Item/ClassifiedTaxCategory/ID").is_some(),
            );
            if let Some((first, last)) =
                text(line, "InvoicePeriod/StartDate").zip(text(line, "InvoicePeriod/EndDate"))
            {
                self.hold("BR-30", first <= last);
            }
        }
        let count = places.len();
        places.sort_unstable();
        places.dedup();
        self.hold("BR-21", places.len() == count && !places.contains(&""));
    }

    fn tax(&mut self) {
        let subtotals = all(self.root, "TaxTotal/TaxSubtotal");
        self.hold("BR-CO-18", !subtotals.is_empty());
        let mut kinds = Vec::new();
        for subtotal in &subtotals {
            let category = text(*subtotal, "TaxCategory/ID").unwrap_or_default();
            let percent = text(*subtotal, "TaxCategory/Percent");
            let rate = number(*subtotal, "TaxCategory/Percent");
            kinds.push((category, rate));
            let (net, tax) = (
                number(*subtotal, "TaxableAmount"),
                number(*subtotal, "TaxAmount"),
            );
            // To whole hundredths, half up; rate and amount are both in ten-thousandths.
            let exact = net * rate;
            let cents = (exact + 50 * 1_000_000) / 100_000_000;
            // The credit that takes the rest of a tax may be off its own share; the rule allows less than 1.
            let off = if self.is_credit() { 9_999 } else { 0 };
            self.hold("BR-CO-17", (cents * 100).abs_diff(tax) <= off);
            let of_lines: i128 = self
                .lines_of()
                .iter()
                .filter(|line| {
                    text(**line, "Item/ClassifiedTaxCategory/ID") == Some(category)
                        && number(**line, "Item/ClassifiedTaxCategory/Percent") == rate
                })
                .map(|line| number(*line, "LineExtensionAmount"))
                .sum();
            self.hold(&format!("BR-{category}-08"), of_lines == net);
            let reason = text(*subtotal, "TaxCategory/TaxExemptionReason")
                .or(text(*subtotal, "TaxCategory/TaxExemptionReasonCode"));
            self.hold(
                &format!("BR-{category}-10"),
                reason.is_some() == (category != "S"),
            );
            self.hold(
                &format!("BR-{category}-05"),
                (rate > 0) == (category == "S") && (percent.is_none() == (category == "O")),
            );
            let code = text(*subtotal, "TaxCategory/TaxExemptionReasonCode");
            self.hold(
                "BR-CL-22",
                matches!(
                    (category, code),
                    (_, None)
                        | ("E", Some("VATEX-EU-132-1L"))
                        | ("AE", Some("VATEX-EU-AE"))
                        | ("O", Some("VATEX-EU-O"))
                ),
            );
        }
        let vat_of =
            |side: &str| text(self.root, &format!("{side}/Party/PartyTaxScheme/CompanyID"));
        let (seller, buyer) = (
            vat_of("AccountingSupplierParty"),
            vat_of("AccountingCustomerParty"),
        );
        let has = |kind: &str| kinds.iter().any(|(category, _)| *category == kind);
        self.hold(
            "BR-O-02",
            !has("O") || (seller.is_none() && buyer.is_none()),
        );
        self.hold("BR-O-11", !has("O") || kinds.len() == 1);
        self.hold("BR-S-02", has("O") || seller.is_some());
        self.hold("BR-AE-02", !has("AE") || buyer.is_some());
        for line in self.lines_of() {
            let kind = (
                text(line, "Item/ClassifiedTaxCategory/ID").unwrap_or_default(),
                number(line, "Item/ClassifiedTaxCategory/Percent"),
            );
            self.hold("BR-CO-18", kinds.contains(&kind));
        }
        let count = kinds.len();
        kinds.sort_unstable();
        kinds.dedup();
        self.hold(
            "one breakdown for each category and rate",
            kinds.len() == count,
        );
    }

    fn payment(&mut self) {
        for means in all(self.root, "PaymentMeans") {
            let code = text(means, "PaymentMeansCode").unwrap_or_default();
            let account = text(means, "PayeeFinancialAccount/ID").unwrap_or_default();
            let branch = text(means, "PayeeFinancialAccount/FinancialInstitutionBranch/ID");
            let id = text(means, "PaymentID").unwrap_or_default();
            self.hold(
                "DK-R-005",
                [
                    "1", "10", "31", "42", "48", "49", "50", "58", "59", "93", "97",
                ]
                .contains(&code),
            );
            if ["31", "42"].contains(&code) {
                self.hold("DK-R-006", !account.is_empty() && branch.is_some());
            }
            if code == "93" {
                let card = id.get(..3).unwrap_or_default();
                self.hold(
                    "DK-R-010",
                    ["71#", "73#", "75#"].contains(&card) && digits(account, 8),
                );
                self.hold("DK-R-011", card == "73#" || [18, 19].contains(&id.len()));
            }
        }
        self.hold(
            "a credit note asks for no payment",
            !self.is_credit() || all(self.root, "PaymentMeans").is_empty(),
        );
    }
}

/// Thirteen digits whose weighted sum, 3 and 1 in turn from the right, is a multiple of ten.
fn is_gln(text: &str) -> bool {
    let sum: u32 = text
        .chars()
        .rev()
        .enumerate()
        .map(|(place, one)| one.to_digit(10).unwrap_or(99) * if place % 2 == 0 { 1 } else { 3 })
        .sum();
    digits(text, 13) && sum.is_multiple_of(10)
}
