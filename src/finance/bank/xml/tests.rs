//! Tests of the strict reader.

use super::*;

#[test]
fn a_tree_is_read() {
    let text = "<?xml version=\"1.0\"?><!-- a --><p:A xmlns:p=\"urn:x\" xmlns:o=\"urn:o\"><p:B Ccy=\"DKK\"> 1&amp;2&#x33;<![CDATA[<4>]]></p:B><o:C><p:B/></o:C><p:B/></p:A>\n";
    let document = read(text.as_bytes()).unwrap();
    assert_eq!(document.namespace, "urn:x");
    let amounts: Vec<_> = document.root.all("B").collect();
    assert_eq!(
        (
            amounts.len(),
            amounts[0].text.as_str(),
            amounts[0].currency.as_deref()
        ),
        (2, " 1&23<4>", Some("DKK"))
    );
    assert_eq!(document.root.text_at(&["B"]), Some("1&23<4>"));
    assert_eq!(
        (document.root.child("C"), document.root.text_at(&["B", "D"])),
        (None, None)
    );
}

#[test]
fn encodings_are_those_of_the_declaration() {
    let latin: Vec<u8> = "<?xml version='1.0' encoding='ISO-8859-1'?><A>"
        .bytes()
        .chain([0xC5])
        .chain("</A>".bytes())
        .collect();
    assert_eq!(read(&latin).unwrap().root.text, "Å");
    let marked: Vec<u8> = [0xEF, 0xBB, 0xBF]
        .into_iter()
        .chain("<A>Å</A>".bytes())
        .collect();
    assert_eq!(read(&marked).unwrap().root.text, "Å");
    let wide: Vec<u8> = [0xFE, 0xFF]
        .into_iter()
        .chain("<A>Å</A>".encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    assert_eq!(read(&wide).unwrap().root.text, "Å");
    for bytes in [
        &b"<A>\xC5</A>"[..],
        b"<?xml version='1.0' encoding='gbk'?><A/>",
    ] {
        assert_eq!(read(bytes).unwrap_err().code, FaultCode::Encoding);
    }
}

#[test]
fn what_is_no_sound_document_is_refused() {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><A>&c;</A>";
    let deep = "<A>".repeat(65);
    let many = format!("<A>{}</A>", "<B/>".repeat(MOST_ELEMENTS));
    let large = format!("<A>{}</A>", " ".repeat(MOST_BYTES));
    for (text, code) in [
        (bomb, FaultCode::Doctype),
        (
            "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><A/>",
            FaultCode::Doctype,
        ),
        (&deep, FaultCode::TooDeep),
        (&many, FaultCode::TooLarge),
        (&large, FaultCode::TooLarge),
        ("<A><B>", FaultCode::Cut),
        ("<A><B", FaultCode::Cut),
        ("<A><![CDATA[", FaultCode::Cut),
        ("<A></B>", FaultCode::Malformed),
        ("<A>&b;</A>", FaultCode::Malformed),
        ("<A/><A/>", FaultCode::Malformed),
        ("<A/>text", FaultCode::Malformed),
        ("<A b=1/>", FaultCode::Malformed),
        ("<A b='1' b='2'/>", FaultCode::Malformed),
        ("<x:A/>", FaultCode::Malformed),
        ("", FaultCode::Malformed),
        ("no XML", FaultCode::Malformed),
    ] {
        let fault = read(text.as_bytes()).unwrap_err();
        assert_eq!(
            fault.code,
            code,
            "{} {:?}",
            &text[..text.len().min(60)],
            fault.message
        );
    }
}
