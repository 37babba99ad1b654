//! `print token` and `version`.

use super::Call;
use super::call::Ended;
use crate::Host;
use crate::output::Output;
use crate::product::Product;

/// The release of OpenBao whose words and behaviour these are.
const OPENBAO: &str = "OpenBao v2.7.2";
/// The release of Vault whose words `vault` uses.
const VAULT: &str = "Vault v1.20";

/// `print token`
pub(super) async fn token<H: Host>(call: Call<'_, H>) -> Ended {
    let token = call.token();
    call.output.line(&token);
    Ok(0)
}

/// `version`
pub(super) fn version_of<H: Host>(call: Call<'_, H>) -> Ended {
    version(call.setting.product, call.output);
    Ok(0)
}

/// What `version` says: this program's own version, and whose words it speaks.
pub(super) fn version(product: Product, output: &mut Output) {
    let speaks = match product {
        Product::Vault => VAULT,
        Product::OpenBao => OPENBAO,
    };
    output.line(&format!("Vaultlet v{}, speaking as {speaks}", env!("CARGO_PKG_VERSION")));
}
