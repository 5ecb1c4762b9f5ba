//! Whether a source is configured as it was before.

use std::fmt;

use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use toml::Table;

use super::secret::{SecretRef, Vault};

/// Stands for all that the file says of one source and for the secrets it refers to. Comments and the order of lines do
/// not count.
#[derive(Clone, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(super) fn of(table: &Table, vault: Vault<'_>) -> Self {
        let mut hash = Sha256::new();
        hash.update(table.to_string());
        for value in table.values() {
            let Ok(reference) = value.clone().try_into::<SecretRef>() else {
                continue;
            };
            // One that cannot be read is a problem, which whoever takes its key tells.
            if let Ok(secret) = vault.read(&reference) {
                hash.update([0]);
                hash.update(secret.expose_secret());
            }
        }
        Self(hash.finalize().into())
    }
}

impl fmt::Debug for Fingerprint {
    /// Without the hash, by which a guessed secret could be tried.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fingerprint").finish_non_exhaustive()
    }
}
