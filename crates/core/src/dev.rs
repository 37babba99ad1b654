//! A new vault, as `bao server -dev` makes one. It knows no request.

use vaultlet_token::Flavour;
use vaultlet_token::entry::{TokenEntry, TokenType};

use crate::barrier::Journal;
use crate::context::Context;
use crate::core::{Core, State, WriteBatch};
use crate::ground::{self, Ground};
use crate::host::{Clock, Rng};
use crate::mounts::NewMount;
use crate::refusal::Refusal;
use crate::seal::config::SealConfig;
use crate::token_store::store::{self, Grant};

/// What a development server has beside what every server has.
const SECRET: NewMount<'static> =
    NewMount { table: "mounts", path: "secret/", kind: "kv", description: "key/value secret storage" };

impl Core {
    /// A new vault, as `bao server -dev -dev-root-token-id=ROOT` makes one: unsealed, with a root token of that id, `secret/`
    /// as kv version 2, `cubbyhole/`, `identity/`, `sys/` and `auth/token/`. One share opens it when it is sealed, which
    /// [`Core::unseal_key`] gives. Also the batch that a host must keep.
    ///
    /// # Errors
    /// A [`Refusal`] if the generator fails.
    pub fn dev(
        clock: Box<dyn Clock>,
        mut rng: Box<dyn Rng>,
        root_token: &str,
    ) -> Result<(Self, WriteBatch), Refusal> {
        let now = clock.now();
        let mut ground = Ground::lay(rng.as_mut(), now, &SealConfig::one())?;
        ground.stage(rng.as_mut(), now, Flavour::default(), |cx| {
            ground::write_mount(cx, &SECRET)?;
            write_root_token(cx, root_token)
        })?;
        let Ground { vault, batch, .. } = ground;
        Ok((Self::assemble(clock, rng, State::Unsealed(Box::new(vault))), batch))
    }
}

/// Stages a root token of that id, as a new vault has one.
pub(crate) fn root_token(core: &mut Core, id: &str) -> Result<WriteBatch, Refusal> {
    let now = core.now();
    let State::Unsealed(vault) = &core.state else { return Err(Refusal::Sealed) };
    let journal = Journal::new(&vault.barrier, core.rng.as_mut());
    let mut cx = Context { journal, index: &vault.index, now, flavour: core.flavour };
    write_root_token(&mut cx, id)?;
    Ok(cx.journal.finish().0)
}

/// The dev server makes its root token through `auth/token/create`, so it is a root token with a custom id.
fn write_root_token(cx: &mut Context<'_>, id: &str) -> Result<(), Refusal> {
    let mut entry = TokenEntry {
        id: id.to_owned(),
        policies: vec!["root".to_owned()],
        path: "auth/token/create".to_owned(),
        display_name: "token".to_owned(),
        creation_time: i64::try_from(cx.now.secs()).unwrap_or(i64::MAX),
        namespace_id: "root".to_owned(),
        token_type: TokenType::Service,
        ..TokenEntry::default()
    };
    store::write(cx, &mut entry, &Grant::default())
}
