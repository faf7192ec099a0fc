//! Passwords: which may be chosen, how they are stored, how one is checked.
//!
//! How many may be hashed at a time is the matter of `hash_gate.rs`; how many may be tried, of
//! `attempts/`. Salts are drawn by the caller (`secrets.rs`).

use std::fmt;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{Error as HashError, PasswordHasher};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Params, Version};
use unicode_normalization::UnicodeNormalization;

use crate::identity::hash_memory::HashMemory;

/// A password that may be chosen, in the form that is hashed. Its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct NewPassword(String);

/// Why a password may not be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Fewer than [`MIN_CHARACTERS`].
    TooShort,
    /// More than [`MAX_CHARACTERS`], or than [`MAX_BYTES`] before anything else was looked at.
    TooLong,
    /// A control character, which one keyboard or form sends and another drops.
    ControlCharacter,
}

/// Why a password could not be hashed or checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// More than [`MAX_BYTES`]; refused before any work, for known and unknown users alike.
    #[error("the password is longer than 1 KiB")]
    TooLong,
    /// What is stored is no argon2id hash that this service could have written.
    #[error("the stored password hash cannot be read")]
    StoredHash,
    /// The hash could not be computed, which in practice means that there is no memory.
    #[error("the password could not be hashed")]
    Hashing,
}

/// The fewest characters of a new password.
pub const MIN_CHARACTERS: usize = 12;
/// The most characters of a new password.
pub const MAX_CHARACTERS: usize = 128;
/// The most bytes of UTF-8 that are looked at, in a new password or one to check.
pub const MAX_BYTES: usize = 1024;
/// The bytes of a salt (RFC 9106 section 4).
pub const SALT_BYTES: usize = 16;

/// The second of the equal choices of the OWASP Password Storage Cheat Sheet for argon2id: 19 MiB,
/// two passes, one lane. A figure out of range fails the build.
pub(super) const PARAMETERS: Params = match Params::new(19 * 1024, 2, 1, Some(32)) {
    Ok(parameters) => parameters,
    Err(_) => panic!("the argon2 parameters are out of range"),
};

/// The most memory, in KiB, that a stored hash may ask for: a damaged row must not exhaust the
/// server.
const MAX_STORED_MEMORY_KIB: u32 = 256 * 1024;
/// The most passes that a stored hash may ask for.
const MAX_STORED_PASSES: u32 = 16;

impl NewPassword {
    /// Accepts 12 to 128 characters without control characters. Characters are Unicode scalar
    /// values, counted after the preparation that [`verify`] makes as well: spaces of any kind
    /// become U+0020 and the text becomes NFC, as in the `OpaqueString` profile (RFC 8265
    /// section 4.2), so that a password typed on another system is still the same.
    ///
    /// # Errors
    /// All [`PasswordProblem`]s at once.
    pub fn parse(text: &str) -> Result<Self, Vec<PasswordProblem>> {
        if text.len() > MAX_BYTES {
            return Err(vec![PasswordProblem::TooLong]);
        }
        let password = prepared(text);
        let characters = password.chars().count();
        let problems: Vec<PasswordProblem> = [
            (characters < MIN_CHARACTERS, PasswordProblem::TooShort),
            (characters > MAX_CHARACTERS, PasswordProblem::TooLong),
            (
                password.chars().any(char::is_control),
                PasswordProblem::ControlCharacter,
            ),
        ]
        .into_iter()
        .filter_map(|(found, problem)| found.then_some(problem))
        .collect();
        if problems.is_empty() {
            Ok(Self(password))
        } else {
            Err(problems)
        }
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("NewPassword(…)")
    }
}

impl PasswordProblem {
    /// What the user is told, in Danish.
    #[must_use]
    pub fn in_danish(self) -> &'static str {
        match self {
            Self::TooShort => "Adgangskoden skal have mindst 12 tegn.",
            Self::TooLong => "Adgangskoden må højst have 128 tegn.",
            Self::ControlCharacter => "Adgangskoden må ikke indeholde styretegn.",
        }
    }

    /// What the user is told, in English.
    #[must_use]
    pub fn in_english(self) -> &'static str {
        match self {
            Self::TooShort => "The password must have at least 12 characters.",
            Self::TooLong => "The password may have at most 128 characters.",
            Self::ControlCharacter => "The password may not contain control characters.",
        }
    }
}

/// Hashes a password for storage: a PHC string. Takes some tens of milliseconds and 19 MiB, so
/// call it inside the gate.
///
/// # Errors
/// [`PasswordError::Hashing`] when there is no memory for it.
pub fn hash(password: &NewPassword, salt: &[u8; SALT_BYTES]) -> Result<String, PasswordError> {
    let hash = argon2id()
        .hash_password_with_salt(password.0.as_bytes(), salt)
        .map_err(|_| PasswordError::Hashing)?;
    Ok(hash.to_string())
}

/// Whether the password belongs to the stored hash. Without one (no such user, or no password
/// yet) the answer is no and takes the same work, so that time does not tell who has an account.
///
/// # Errors
/// [`PasswordError`]; only [`PasswordError::TooLong`] is the caller's fault.
pub fn verify(
    memory: &HashMemory,
    password: &str,
    stored: Option<&str>,
) -> Result<bool, PasswordError> {
    if password.len() > MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    let hash = stored.map_or_else(stand_in, stored_hash)?;
    // Outputs are compared in a time that does not tell where they differ.
    Ok(output(memory, prepared(password).as_bytes(), &hash)? == hash.hash && stored.is_some())
}

/// What a password makes of the salt and the parameters of a hash.
fn output(
    memory: &HashMemory,
    password: &[u8],
    hash: &PasswordHash,
) -> Result<Option<Output>, PasswordError> {
    let parameters = Params::try_from(hash).map_err(|_| PasswordError::StoredHash)?;
    let (Some(salt), Some(stored)) = (&hash.salt, &hash.hash) else {
        return Err(PasswordError::StoredHash);
    };
    let blocks = parameters.block_count();
    let argon2id = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    let mut output = vec![0; stored.len()];
    let computed = memory.lend(blocks, |memory| {
        argon2id.hash_password_into_with_memory(password, salt.as_ref(), &mut output, memory)
    });
    computed
        .map_err(|_| PasswordError::Hashing)?
        .map_err(|_| PasswordError::Hashing)?;
    let output = Output::new(&output).map_err(|_| PasswordError::Hashing)?;
    Ok(Some(output))
}

/// Whether a hash was made with other parameters than today's, so that the password should be
/// hashed anew at the next sign-in: also because [`verify`] takes another time for it.
///
/// # Errors
/// [`PasswordError::StoredHash`] when it is no hash of this service.
pub fn is_outdated(stored: &str) -> Result<bool, PasswordError> {
    let parameters = Params::try_from(&stored_hash(stored)?);
    Ok(parameters.map_err(|_| PasswordError::StoredHash)? != PARAMETERS)
}

fn argon2id() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMETERS)
}

/// The preparation of RFC 8265 section 4.2.2: other spaces become SPACE, then NFC.
fn prepared(text: &str) -> String {
    text.chars()
        .map(|character| if is_space(character) { ' ' } else { character })
        .nfc()
        .collect()
}

/// The characters of the Unicode category Zs.
fn is_space(character: char) -> bool {
    matches!(
        character,
        ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// A stored hash that [`verify`] may safely compute.
fn stored_hash(stored: &str) -> Result<PasswordHash, PasswordError> {
    let hash = PasswordHash::new(stored).map_err(|_| PasswordError::StoredHash)?;
    let parameters = Params::try_from(&hash).map_err(|_| PasswordError::StoredHash)?;
    let computable = hash.algorithm == ARGON2ID_IDENT
        && hash.version == Some(Version::V0x13.into())
        && hash.salt.is_some()
        && hash.hash.is_some()
        && parameters.m_cost() <= MAX_STORED_MEMORY_KIB
        && parameters.t_cost() <= MAX_STORED_PASSES
        && parameters.p_cost() == 1;
    if computable {
        Ok(hash)
    } else {
        Err(PasswordError::StoredHash)
    }
}

/// The hash that takes the place of one that is missing. It is built, not computed: what costs
/// time is the comparison, and that follows the parameters, which are those of a new hash.
fn stand_in() -> Result<PasswordHash, PasswordError> {
    let build = || -> Result<PasswordHash, HashError> {
        Ok(PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&PARAMETERS)?,
            salt: Some(Salt::new(&[0; SALT_BYTES])?),
            hash: Some(Output::new(&[0; Params::DEFAULT_OUTPUT_LEN])?),
        })
    };
    build().map_err(|_| PasswordError::Hashing)
}

#[cfg(test)]
mod tests;
