//! Tests of the passwords. What it is not: signing in with one.

use super::*;

const SALT: [u8; SALT_BYTES] = *b"0123456789abcdef";

fn verify(password: &str, stored: Option<&str>) -> Result<bool, PasswordError> {
    super::verify(&HashMemory::default(), password, stored)
}

fn stored(text: &str) -> String {
    hash(&NewPassword::parse(text).unwrap(), &SALT).unwrap()
}

#[test]
fn length_is_counted_in_characters_after_composition() {
    use PasswordProblem::{ControlCharacter, TooLong, TooShort};
    let cases: [(&str, String, &[PasswordProblem]); 14] = [
        ("empty", String::new(), &[TooShort]),
        ("eleven", "a".repeat(11), &[TooShort]),
        ("twelve", "a".repeat(12), &[]),
        ("128", "a".repeat(128), &[]),
        ("129", "a".repeat(129), &[TooLong]),
        ("twelve of two bytes", "å".repeat(12), &[]),
        ("eleven of two bytes", "å".repeat(11), &[TooShort]),
        ("eleven decomposed", "a\u{30a}".repeat(11), &[TooShort]),
        ("128 decomposed", "a\u{30a}".repeat(128), &[]),
        ("128 of four bytes", "😀".repeat(128), &[]),
        ("1 KiB", "a".repeat(1024), &[TooLong]),
        ("more than 1 KiB", "a".repeat(1025), &[TooLong]),
        (
            "a tab",
            "correct\thorse battery".to_owned(),
            &[ControlCharacter],
        ),
        (
            "short and NUL",
            "a\0".to_owned(),
            &[TooShort, ControlCharacter],
        ),
    ];
    for (name, text, expected) in cases {
        let problems = NewPassword::parse(&text).err().unwrap_or_default();
        assert_eq!(problems, expected, "{name}");
    }
}

#[test]
fn what_was_checked_before_does_not_matter() {
    let (right, other) = (
        stored("correct horse battery"),
        stored("another long password"),
    );
    let memory = HashMemory::default();
    for _ in 0..2 {
        assert_eq!(
            super::verify(&memory, "correct horse battery", Some(&right)),
            Ok(true)
        );
        assert_eq!(
            super::verify(&memory, "correct horse battery", Some(&other)),
            Ok(false)
        );
        assert_eq!(
            super::verify(&memory, "another long password", Some(&other)),
            Ok(true)
        );
    }
}

#[test]
fn the_stored_form_is_argon2id_with_the_stated_parameters() {
    let stored = stored("correct horse battery");
    assert!(
        stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{stored}"
    );
    assert_eq!(is_outdated(&stored), Ok(false));
}

#[test]
fn only_the_same_password_matches() {
    let stored = stored("rødgrød med fløde");
    let cases = [
        ("same", "rødgrød med fløde", true),
        ("no-break spaces", "rødgrød\u{a0}med\u{a0}fløde", true),
        ("other case", "Rødgrød med fløde", false),
        ("cut", "rødgrød med flød", false),
        ("longer", "rødgrød med fløde ", false),
        ("empty", "", false),
    ];
    for (name, password, expected) in cases {
        assert_eq!(verify(password, Some(&stored)), Ok(expected), "{name}");
    }
}

#[test]
fn composed_and_decomposed_letters_are_the_same_password() {
    let stored = stored("A\u{30a}rhus pa\u{30a} nyt");
    assert_eq!(verify("Århus på nyt", Some(&stored)), Ok(true));
}

#[test]
fn nobody_signs_in_without_a_stored_hash() {
    for password in ["", "correct horse battery"] {
        assert_eq!(verify(password, None), Ok(false));
    }
}

#[test]
fn the_stand_in_costs_what_a_new_hash_costs() {
    let real = PasswordHash::new(&stored("correct horse battery")).unwrap();
    let stand_in = stand_in().unwrap();
    assert_eq!(stand_in.algorithm, real.algorithm);
    assert_eq!(stand_in.version, real.version);
    assert_eq!(stand_in.params, real.params);
    let lengths = |hash: &PasswordHash| (hash.salt.unwrap().len(), hash.hash.unwrap().len());
    assert_eq!(lengths(&stand_in), lengths(&real));
    assert!(stored_hash(&stand_in.to_string()).is_ok());
}

#[test]
fn long_passwords_are_refused_alike_for_all() {
    let long = "a".repeat(MAX_BYTES + 1);
    // The stored hash is not even read.
    for stored in [None, Some("damaged")] {
        assert_eq!(verify(&long, stored), Err(PasswordError::TooLong));
    }
    assert_eq!(verify(&"a".repeat(MAX_BYTES), None), Ok(false));
}

#[test]
fn damaged_and_foreign_hashes_are_errors() {
    let good = stored("correct horse battery");
    let cases = [
        ("empty", String::new()),
        ("text", "password".to_owned()),
        ("cut", good.rsplit_once('$').unwrap().0.to_owned()),
        ("argon2i", good.replace("argon2id", "argon2i")),
        ("old version", good.replace("v=19", "v=16")),
        ("no version", good.replace("$v=19", "")),
        ("memory bomb", good.replace("m=19456", "m=4294967295")),
        ("many passes", good.replace("t=2", "t=4294967295")),
        ("many lanes", good.replace("p=1", "p=64")),
    ];
    for (name, stored) in cases {
        let result = verify("correct horse battery", Some(&stored));
        assert_eq!(result, Err(PasswordError::StoredHash), "{name}");
        assert_eq!(
            is_outdated(&stored),
            Err(PasswordError::StoredHash),
            "{name}"
        );
    }
}

#[test]
fn hashes_of_other_parameters_still_match_and_are_outdated() {
    let older = Params::new(8 * 1024, 1, 1, Some(32)).unwrap();
    let stored = Argon2::new(Algorithm::Argon2id, Version::V0x13, older)
        .hash_password_with_salt(b"correct horse battery", &SALT)
        .unwrap()
        .to_string();
    assert_eq!(verify("correct horse battery", Some(&stored)), Ok(true));
    assert_eq!(is_outdated(&stored), Ok(true));
}

#[test]
fn debug_shows_nothing() {
    let password = NewPassword::parse("correct horse battery").unwrap();
    assert_eq!(format!("{password:?}"), "NewPassword(…)");
}
