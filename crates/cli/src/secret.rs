//! What the API answers, taken apart as the real command line does. It knows no output format.

use crate::json::Json;

/// An answer's envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    pub(crate) request_id: String,
    pub(crate) lease_id: String,
    /// Seconds.
    pub(crate) lease_duration: i64,
    pub(crate) renewable: bool,
    /// An object, or null.
    pub(crate) data: Json,
    pub(crate) warnings: Vec<String>,
    pub(crate) auth: Option<Auth>,
    pub(crate) wrapped: Option<Wrapped>,
}

/// A token just made, renewed or logged in with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Auth {
    pub(crate) client_token: String,
    pub(crate) accessor: String,
    pub(crate) policies: Option<Vec<String>>,
    pub(crate) token_policies: Option<Vec<String>>,
    pub(crate) identity_policies: Option<Vec<String>>,
    /// Names and values, or none at all.
    pub(crate) metadata: Option<Vec<(String, String)>>,
    pub(crate) orphan: bool,
    pub(crate) entity_id: String,
    /// Seconds; 0 is for ever.
    pub(crate) lease_duration: i64,
    pub(crate) renewable: bool,
}

/// A token that holds an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wrapped {
    pub(crate) token: String,
    pub(crate) accessor: String,
    /// Seconds.
    pub(crate) ttl: i64,
    /// RFC 3339.
    pub(crate) creation_time: String,
    pub(crate) creation_path: String,
    pub(crate) wrapped_accessor: String,
}

impl Secret {
    /// Reads an answer's body; none if it is no object.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let json = Json::read(body)?;
        json.as_object()?;
        Some(Self {
            request_id: json.text_at("request_id").to_owned(),
            lease_id: json.text_at("lease_id").to_owned(),
            lease_duration: json.number_at("lease_duration"),
            renewable: json.bool_at("renewable"),
            data: json.value_at("data"),
            warnings: texts(&json, "warnings").unwrap_or_default(),
            auth: json.member("auth").and_then(Auth::read),
            wrapped: json.member("wrap_info").and_then(Wrapped::read),
        })
    }

    /// With nothing but a token.
    pub(crate) fn of(auth: Auth) -> Self {
        Self {
            request_id: String::new(),
            lease_id: String::new(),
            lease_duration: 0,
            renewable: false,
            data: Json::Null,
            warnings: Vec::new(),
            auth: Some(auth),
            wrapped: None,
        }
    }

    /// Whether there is something to show for a status of 404.
    pub(crate) fn says_something(&self) -> bool {
        !self.warnings.is_empty() || self.data.as_object().is_some_and(|members| !members.is_empty())
    }
}

impl Auth {
    fn read(json: &Json) -> Option<Self> {
        json.as_object()?;
        let metadata = json.member("metadata").and_then(Json::as_object);
        let pair =
            |(key, value): &(String, Json)| (key.clone(), value.as_str().unwrap_or_default().to_owned());
        Some(Self {
            client_token: json.text_at("client_token").to_owned(),
            accessor: json.text_at("accessor").to_owned(),
            policies: texts(json, "policies"),
            token_policies: texts(json, "token_policies"),
            identity_policies: texts(json, "identity_policies"),
            metadata: metadata.map(|members| members.iter().map(pair).collect()),
            orphan: json.bool_at("orphan"),
            entity_id: json.text_at("entity_id").to_owned(),
            lease_duration: json.number_at("lease_duration"),
            renewable: json.bool_at("renewable"),
        })
    }

    /// The same token as its own lookup describes it.
    pub(crate) fn of_lookup(data: &Json) -> Self {
        let token_policies = texts(data, "policies");
        let identity_policies = texts(data, "identity_policies");
        let mut all = token_policies.clone().unwrap_or_default();
        all.extend(identity_policies.clone().unwrap_or_default());
        let metadata = data.member("meta").and_then(Json::as_object);
        let pair =
            |(key, value): &(String, Json)| (key.clone(), value.as_str().unwrap_or_default().to_owned());
        Self {
            client_token: data.text_at("id").to_owned(),
            accessor: data.text_at("accessor").to_owned(),
            policies: token_policies.is_some().then_some(all),
            token_policies,
            identity_policies,
            metadata: metadata.map(|members| members.iter().map(pair).collect()),
            orphan: false,
            entity_id: String::new(),
            lease_duration: data.number_at("ttl"),
            renewable: data.bool_at("renewable"),
        }
    }
}

impl Wrapped {
    fn read(json: &Json) -> Option<Self> {
        json.as_object()?;
        Some(Self {
            token: json.text_at("token").to_owned(),
            accessor: json.text_at("accessor").to_owned(),
            ttl: json.number_at("ttl"),
            creation_time: json.text_at("creation_time").to_owned(),
            creation_path: json.text_at("creation_path").to_owned(),
            wrapped_accessor: json.text_at("wrapped_accessor").to_owned(),
        })
    }
}

/// A member that is a list of texts.
pub(crate) fn texts(json: &Json, key: &str) -> Option<Vec<String>> {
    let items = json.member(key)?.as_list()?;
    Some(items.iter().filter_map(Json::as_str).map(str::to_owned).collect())
}
