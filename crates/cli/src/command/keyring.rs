//! `operator rotate|key-status`.

use time::OffsetDateTime;
use vaultlet_core::{Method, UnixTime};

use super::Call;
use super::call::Ended;
use crate::Host;
use crate::client::{Ask, Client};
use crate::json::Json;
use crate::product::Product;
use crate::render::{Format, columns};

/// `operator key-status`
pub(super) async fn status<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(0, 0)?;
    let client = call.client()?;
    let status = read(&mut call, &client).await?;
    show(&mut call, &status, "")
}

/// `operator rotate`
pub(super) async fn rotate<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(0, 0)?;
    let client = call.client()?;
    let path = if call.setting.product == Product::Vault { "sys/rotate" } else { "sys/rotate/keyring" };
    call.ask(&client, Ask::new(Method::Post, path), "Error rotating key: ").await?;
    let status = read(&mut call, &client).await?;
    show(&mut call, &status, "Success! Rotated key\n\n")
}

async fn read<H: Host>(call: &mut Call<'_, H>, client: &Client) -> Result<Json, u8> {
    let ask = Ask::new(Method::Get, "sys/key-status");
    call.data_of(client, ask, "Error reading key status: ").await
}

fn show<H: Host>(call: &mut Call<'_, H>, status: &Json, lead: &str) -> Ended {
    if call.format != Format::Table {
        let member = |key: &str| (key.to_owned(), status.value_at(key));
        return call.show_data(&Json::Object(["term", "install_time", "encryptions"].map(member).to_vec()));
    }
    let rows = [
        ("Key Term", status.number_at("term").to_string()),
        ("Install Time", day(status.text_at("install_time"))),
        ("Encryption Count", status.number_at("encryptions").to_string()),
    ];
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(key, value)| vec![key.to_owned(), value]).collect();
    call.say(&format!("{lead}{}", columns::columns(&rows)));
    Ok(0)
}

/// RFC 3339 as RFC 822: `24 Nov 26 06:09 UTC`.
fn day(text: &str) -> String {
    let at = UnixTime::parse(text).and_then(|at| i64::try_from(at.secs()).ok());
    let at = at
        .and_then(|secs| OffsetDateTime::from_unix_timestamp(secs).ok())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let month = at.month().to_string();
    let month = month.get(..3).unwrap_or_default();
    format!("{:02} {month} {:02} {:02}:{:02} UTC", at.day(), at.year() % 100, at.hour(), at.minute())
}
