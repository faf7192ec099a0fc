//! Tests of the bank through the public door, and the files that they send: what they share. What it is
//! not: the form of the files; that is tested beside the readers.

mod decisions;
mod faults;
mod files;
mod privacy;
mod two_hundred;

use intercultural_cities::finance::invoices::payment_reference;
use intercultural_cities::server::worker::run_due;
use serde_json::{Value, json};

use crate::support::actor::Actor;
use crate::support::app::TestApp;

/// The account of the seller that the tests have.
pub const IBAN: &str = "DK1800000000000000";

/// A payment in an entry.
#[derive(Debug, Clone, Default)]
pub struct Paid<'a> {
    pub minor: i64,
    pub text: String,
    pub slip: Option<String>,
    pub name: &'a str,
    pub account: &'a str,
}

/// An entry of a statement.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    pub reference: String,
    pub debit: bool,
    pub reversal: bool,
    pub pending: bool,
    pub day: &'static str,
    pub parts: Vec<Paid<'a>>,
}

impl<'a> Line<'a> {
    /// Money that came.
    pub fn came(reference: impl Into<String>, paid: Paid<'a>) -> Self {
        Self {
            reference: reference.into(),
            debit: false,
            reversal: false,
            pending: false,
            day: "2026-05-04",
            parts: vec![paid],
        }
    }

    fn minor(&self) -> i64 {
        self.parts.iter().map(|part| part.minor).sum()
    }
}

/// A payment with the reference of its invoice's slip.
pub fn by_slip(number: &str, minor: i64) -> Paid<'static> {
    Paid {
        minor,
        slip: payment_reference::fik_of_number(number),
        ..Paid::default()
    }
}

/// A payment with a text.
pub fn by_text(text: impl Into<String>, minor: i64) -> Paid<'static> {
    Paid {
        minor,
        text: text.into(),
        ..Paid::default()
    }
}

fn decimal(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn details(part: &Paid<'_>, new: bool, debtor: &str) -> String {
    let amount = decimal(part.minor);
    let amount = if new {
        format!("<Amt Ccy=\"DKK\">{amount}</Amt>")
    } else {
        format!("<AmtDtls><TxAmt><Amt Ccy=\"DKK\">{amount}</Amt></TxAmt></AmtDtls>")
    };
    let name = if part.name.is_empty() {
        String::new()
    } else if new {
        format!("<{debtor}><Pty><Nm>{}</Nm></Pty></{debtor}>", part.name)
    } else {
        format!("<{debtor}><Nm>{}</Nm></{debtor}>", part.name)
    };
    let account = if part.account.is_empty() {
        String::new()
    } else {
        format!(
            "<{debtor}Acct><Id><Othr><Id>{}</Id></Othr></Id></{debtor}Acct>",
            part.account
        )
    };
    let slip = part.slip.as_ref().map_or_else(String::new, |slip| {
        format!("<Strd><CdtrRefInf><Ref>{slip}</Ref></CdtrRefInf></Strd>")
    });
    let text = part.text.replace('&', "&amp;");
    format!(
        "<TxDtls>{amount}<RltdPties>{name}{account}</RltdPties><RmtInf><Ustrd>{text}</Ustrd>{slip}</RmtInf></TxDtls>"
    )
}

fn entry(line: &Line<'_>, new: bool) -> String {
    let sign = if line.debit { "DBIT" } else { "CRDT" };
    let debtor = if line.debit == line.reversal {
        "Dbtr"
    } else {
        "Cdtr"
    };
    let word = if line.pending { "PDNG" } else { "BOOK" };
    let status = if new {
        format!("<Cd>{word}</Cd>")
    } else {
        word.to_owned()
    };
    let reversal = if line.reversal {
        "<RvslInd>true</RvslInd>"
    } else {
        ""
    };
    let parts: String = line
        .parts
        .iter()
        .map(|part| details(part, new, debtor))
        .collect();
    format!(
        "<Ntry><Amt Ccy=\"DKK\">{}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{reversal}<Sts>{status}</Sts><BookgDt><Dt>{}</Dt></BookgDt><ValDt><Dt>{}</Dt></ValDt><AcctSvcrRef>{}</AcctSvcrRef><NtryDtls>{parts}</NtryDtls></Ntry>",
        decimal(line.minor()),
        line.day,
        line.day,
        line.reference
    )
}

/// A camt.053 whose closing balance is right, beginning with 1.000,00. An entry whose reference stands in it
/// twice counts once.
pub fn statement(version: &str, sequence: u32, lines: &[Line<'_>]) -> String {
    let new = version == "08";
    let mut seen = std::collections::BTreeSet::new();
    let moved: i64 = lines
        .iter()
        .filter(|line| !line.pending && seen.insert((&line.reference, line.debit)))
        .map(|line| {
            if line.debit {
                -line.minor()
            } else {
                line.minor()
            }
        })
        .sum();
    let balance = |kind: &str, minor: i64| {
        let sign = if minor < 0 { "DBIT" } else { "CRDT" };
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"DKK\">{}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>2026-05-04</Dt></Dt></Bal>",
            decimal(minor.abs())
        )
    };
    let entries: String = lines.iter().map(|line| entry(line, new)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}\"><BkToCstmrStmt><GrpHdr><MsgId>M{sequence}</MsgId><CreDtTm>2026-05-05T06:00:00+02:00</CreDtTm></GrpHdr><Stmt><Id>S-{sequence}</Id><ElctrncSeqNb>{sequence}</ElctrncSeqNb><Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>DKK</Ccy></Acct>{}{}{entries}</Stmt></BkToCstmrStmt></Document>",
        balance("OPBD", 100_000),
        balance("CLBD", 100_000 + moved)
    )
}

/// A camt.054 with the same entries.
pub fn notification(version: &str, lines: &[Line<'_>]) -> String {
    let entries: String = lines
        .iter()
        .map(|line| entry(line, version == "08"))
        .collect();
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.{version}\"><BkToCstmrDbtCdtNtfctn><Ntfctn><Id>N-1</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>{entries}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    )
}

/// Sends a file.
#[track_caller]
pub fn send(actor: &Actor<'_>, query: &str, kind: &str, body: &[u8]) -> (u16, Value) {
    let path = format!("/api/v1/bank/statements{query}");
    let reply = actor.send("POST", &path, &[("content-type", kind)], body);
    (reply.status, reply.json())
}

/// Takes a file in and lets the service match what is certain.
#[track_caller]
pub fn take_in(app: &TestApp, xml: &str) -> Value {
    let (status, report) = send(
        &app.finance(),
        "?apply=true",
        "application/xml",
        xml.as_bytes(),
    );
    assert_eq!(status, 200, "{report}");
    run_due(&app.app).unwrap();
    report
}

/// The entries of the bank in the order of the statements, with what is asked of each.
pub fn entries(app: &TestApp, fields: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut after = Value::Null;
    loop {
        let query = format!(
            "query ($after: String) {{ bankEntries(orderBy: [BOOKED_ON_ASC], first: 10, after: $after) {{ nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let answer = app.auditor().ask_with(&query, json!({ "after": after }));
        found.extend(
            answer
                .data("/bankEntries/nodes")
                .as_array()
                .unwrap()
                .clone(),
        );
        if answer.data("/bankEntries/pageInfo/hasNextPage") == &json!(false) {
            return found;
        }
        after = answer.data("/bankEntries/pageInfo/endCursor").clone();
    }
}

/// How many entries are in a state.
pub fn in_state(app: &TestApp, state: &str) -> u64 {
    let query = format!("{{ bankEntries(filter: {{ state: [{state}] }}) {{ totalCount }} }}");
    let answer = app.finance().ask(&query);
    answer.data("/bankEntries/totalCount").as_u64().unwrap()
}

/// Does what is proposed for every entry that waits, and tells how many there were.
#[track_caller]
pub fn confirm_all(app: &TestApp) -> usize {
    let confirm = "mutation ($input: ConfirmMatchInput!) { confirmMatch(input: $input) { entry { state payment { id } } userErrors { code field message } } }";
    let proposed: Vec<Value> = entries(app, "id version state")
        .into_iter()
        .filter(|entry| entry["state"] == "PROPOSED")
        .collect();
    for entry in &proposed {
        let input = json!({ "entryId": entry["id"], "version": entry["version"] });
        let answer = app.finance().tell(confirm, json!({ "input": input }));
        assert_eq!(answer.done("confirmMatch", "/entry/state"), "MATCHED");
    }
    proposed.len()
}
