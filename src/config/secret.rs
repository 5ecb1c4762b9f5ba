//! Secrets by reference: `{ env = "NAME" }` or `{ file = "path" }`, never in clear (design §8).

use std::path::Path;

use secrecy::SecretString;
use serde::Deserialize;

use super::section::Form;

/// Where a secret is kept.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, untagged)]
pub(super) enum SecretRef {
    Env { env: String },
    File { file: String },
}

impl Form for SecretRef {
    const NAME: &'static str = "reference to a secret";
    const FORM: &'static str = "`{ env = \"NAME\" }` or `{ file = \"path\" }`";
}

/// Looks up an environment variable.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Where secrets are read from.
#[derive(Clone, Copy)]
pub(super) struct Vault<'a> {
    /// The folder of the configuration, which files are relative to.
    pub(super) base: &'a Path,
    pub(super) environment: Environment<'a>,
}

impl Vault<'_> {
    /// Reads the secret; a file loses its last line end.
    ///
    /// # Errors
    /// What is missing and what to do, without the secret.
    pub(super) fn read(self, reference: &SecretRef) -> Result<SecretString, String> {
        match reference {
            SecretRef::Env { env } => match (self.environment)(env) {
                Some(value) if !value.is_empty() => Ok(value.into()),
                _ => Err(format!(
                    "environment variable `{env}` is not set; export it before the start"
                )),
            },
            SecretRef::File { file } => {
                let path = self.base.join(file);
                match std::fs::read_to_string(&path) {
                    Ok(text) if !text.trim_end().is_empty() => {
                        Ok(text.trim_end_matches(['\r', '\n']).into())
                    }
                    Ok(_) => Err(format!(
                        "file `{}` is empty; put the secret in it",
                        path.display()
                    )),
                    Err(error) => Err(format!(
                        "file `{}` cannot be read ({error}); create it or name another",
                        path.display()
                    )),
                }
            }
        }
    }
}
