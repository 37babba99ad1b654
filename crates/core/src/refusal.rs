//! Why a request is refused, in Vault's words and with its status. It knows no JSON.

use crate::host::RngFailed;

/// A refused request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The caller's mistake, in a handler's own words.
    #[error("{0}")]
    Invalid(String),
    /// As [`Refusal::Invalid`], but the server passes the error up and wraps it on the way.
    #[error("{0}")]
    WrappedInvalid(String),
    /// The token is missing, unknown, expired or revoked.
    #[error("permission denied")]
    NoToken,
    /// The token's policies do not allow it.
    #[error("permission denied")]
    Policy,
    /// Refused for another reason than the policies.
    #[error("{0}")]
    Forbidden(String),
    /// As [`Refusal::Forbidden`], wrapped on its way up.
    #[error("{0}")]
    WrappedForbidden(String),
    /// Nothing is there.
    #[error("")]
    NotFound,
    /// Nothing is there, in a handler's own words.
    #[error("{0}")]
    Absent(String),
    /// As the refusal inside, which nothing has wrapped on its way up.
    #[error("{0}")]
    Unwrapped(Box<Refusal>),
    /// The path is known, the operation is not.
    #[error("unsupported operation")]
    UnsupportedOperation,
    /// The mount is known, the path in it is not.
    #[error("unsupported path")]
    UnsupportedPath,
    /// Nothing is mounted there.
    #[error("no handler for route \"{0}\". route entry not found.")]
    NoRoute(String),
    /// The namespace does not exist.
    #[error("namespace not found")]
    NoNamespace,
    /// The HTTP method is none of Vault's, or not for this path.
    #[error("")]
    Method,
    /// A merge patch without its content type.
    #[error("{0}")]
    MediaType(String),
    /// The vault is sealed.
    #[error("Vault is sealed")]
    Sealed,
    /// The engine was opened read-only, and this would write. The text is the server's own for storage that takes no writes.
    #[error("cannot write to readonly storage")]
    ReadOnly,
    /// The server's own trouble, in its own words.
    #[error("{0}")]
    Internal(String),
    /// As [`Refusal::Internal`], wrapped on its way up.
    #[error("{0}")]
    WrappedInternal(String),
}

impl Refusal {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::Invalid(_) | Self::WrappedInvalid(_) => 400,
            Self::NoToken | Self::Policy | Self::Forbidden(_) | Self::WrappedForbidden(_) => 403,
            Self::Unwrapped(inner) => inner.status(),
            Self::Absent(_)
            | Self::NotFound
            | Self::UnsupportedPath
            | Self::NoRoute(_)
            | Self::NoNamespace => 404,
            Self::UnsupportedOperation | Self::Method => 405,
            Self::MediaType(_) => 415,
            Self::Internal(_) | Self::WrappedInternal(_) | Self::ReadOnly => 500,
            Self::Sealed => 503,
        }
    }

    /// The list of texts in the answer's body.
    pub fn errors(&self) -> Vec<String> {
        match self {
            Self::NotFound | Self::Method => Vec::new(),
            Self::Invalid(text) if text.is_empty() => Vec::new(),
            Self::Policy
            | Self::UnsupportedOperation
            | Self::UnsupportedPath
            | Self::WrappedForbidden(_)
            | Self::WrappedInvalid(_)
            | Self::WrappedInternal(_)
            | Self::ReadOnly => vec![format!("1 error occurred:\n\t* {self}\n\n")],
            _ => vec![self.to_string()],
        }
    }

    /// The same, with its text alone in the answer's body.
    pub(crate) fn unwrapped(self) -> Self {
        match self.errors().as_slice() {
            [text] if *text != self.to_string() => Self::Unwrapped(Box::new(self)),
            _ => self,
        }
    }

    /// The caller's mistake, in a handler's own words.
    pub(crate) fn invalid(text: impl Into<String>) -> Self {
        Self::Invalid(text.into())
    }
}

impl From<RngFailed> for Refusal {
    fn from(error: RngFailed) -> Self {
        Self::Internal(error.to_string())
    }
}
