//! A whole cluster in one process, every message carried at once: for proofs, tests and small programs. It knows no thread.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use zeroize::Zeroizing;

use super::disk::Disk;
use super::message::{Message, NodeId};
use super::node::{Effect, Node, PATIENCE, Seat};
use crate::host::{Clock, Rng};
use crate::{Core, Refusal, Request, Response};

/// Gives each node its clock and a stream of randomness of its own.
pub type Platform = Box<dyn FnMut() -> (Box<dyn Clock>, Box<dyn Rng>)>;

/// Nodes, what is kept of each, and the links between them.
///
/// ```
/// use vaultlet_core::cluster::{Local, NodeId};
/// use vaultlet_core::host::{Seeded, SetClock};
/// use vaultlet_core::{Method, Request, UnixTime};
///
/// let (clock, mut seed) = (SetClock::at(UnixTime::from_secs(1_795_460_913)), 0);
/// let platform = move || {
///     seed += 1; // Every node draws its own randomness.
///     (Box::new(clock.clone()) as _, Box::new(Seeded::new(seed)) as _)
/// };
/// let mut cluster = Local::dev(2, "root", Box::new(platform))?;
/// let create = Request::new(Method::Post, "auth/token/create").token("root");
/// let standby = NodeId(2);
/// cluster.ask(standby, &create.clone().json(&serde_json::json!({ "type": "batch", "policies": ["default"] })));
/// assert_eq!(cluster.counts(standby).map(|counts| (counts.encryptions, counts.forwarded)), Some((1, 0)));
/// cluster.ask(standby, &create.json(&serde_json::json!({ "policies": ["default"], "ttl": "1h" })));
/// assert_eq!(cluster.counts(standby).map(|counts| (counts.encryptions, counts.forwarded)), Some((1, 1)));
/// assert_eq!(cluster.counts(NodeId(1)).map(|counts| counts.puts), Some(4));
/// # Ok::<(), vaultlet_core::Refusal>(())
/// ```
pub struct Local {
    nodes: BTreeMap<NodeId, Node>,
    disks: BTreeMap<NodeId, Disk>,
    members: BTreeSet<NodeId>,
    on_the_way: VecDeque<(NodeId, NodeId, Message)>,
    answers: BTreeMap<u64, Response>,
    cut: BTreeSet<NodeId>,
    asked: u64,
    root_key: Zeroizing<Vec<u8>>,
    platform: Platform,
}

impl Local {
    /// A development vault of `nodes` nodes, numbered from 1, of which the first is active.
    ///
    /// # Errors
    /// A [`Refusal`] if the generator fails.
    pub fn dev(nodes: u32, root_token: &str, mut platform: Platform) -> Result<Self, Refusal> {
        let (clock, rng) = platform();
        let (core, batch) = Core::dev(clock, rng, root_token)?;
        let root_key = core.keyring().map(|keyring| keyring.root_key.clone()).unwrap_or_default();
        let first = NodeId(1);
        let mut local = Self {
            nodes: BTreeMap::new(),
            disks: BTreeMap::from([(first, Disk::founding(&batch))]),
            members: (1..=nodes.max(1)).map(NodeId).collect(),
            on_the_way: VecDeque::new(),
            answers: BTreeMap::new(),
            cut: BTreeSet::new(),
            asked: 0,
            root_key,
            platform,
        };
        for id in local.members.clone() {
            local.start(id);
        }
        local.promote(first);
        Ok(local)
    }

    /// Asks a node and carries messages until it answers; time passes if it must wait for somebody who is silent. 503 if it is stopped.
    pub fn ask(&mut self, id: NodeId, request: &Request) -> Response {
        self.asked += 1;
        let number = self.asked;
        self.drive(id, |node| node.ask(number, request));
        for _ in 0..=2 * PATIENCE {
            self.settle();
            if let Some(response) = self.answers.remove(&number) {
                return response;
            }
            self.tick();
        }
        crate::reply::refuse(&Refusal::Sealed)
    }

    /// Lets a while pass for all nodes.
    pub fn tick(&mut self) {
        for id in self.members.clone() {
            self.drive(id, Node::tick);
        }
        self.settle();
    }

    /// Makes a node the active one, if a majority can be reached.
    pub fn promote(&mut self, id: NodeId) {
        self.drive(id, Node::promote);
        self.settle();
    }

    /// Crashes a node: it comes back with what was kept.
    pub fn stop(&mut self, id: NodeId) {
        self.nodes.remove(&id);
    }

    /// Starts a node that is stopped or new, and unseals it.
    pub fn start(&mut self, id: NodeId) {
        if self.nodes.contains_key(&id) {
            return;
        }
        if self.members.insert(id) {
            self.nodes.values_mut().for_each(|node| node.set_members(self.members.clone()));
        }
        let (clock, rng) = (self.platform)();
        let disk = self.disks.entry(id).or_insert_with(Disk::blank).clone();
        let mut node = Node::new(Seat::new(id, self.members.clone()), disk, clock, rng);
        node.unseal(&self.root_key);
        self.nodes.insert(id, node);
    }

    /// Takes a node out of the cluster for good.
    pub fn remove(&mut self, id: NodeId) {
        self.stop(id);
        self.disks.remove(&id);
        self.members.remove(&id);
        self.nodes.values_mut().for_each(|node| node.set_members(self.members.clone()));
    }

    /// Cuts a node's links to all others; its clients still reach it.
    pub fn cut(&mut self, id: NodeId) {
        self.cut.insert(id);
    }

    /// Mends its links.
    pub fn heal(&mut self, id: NodeId) {
        self.cut.remove(&id);
    }

    /// A node that runs.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(&id)
    }

    /// The nodes that run.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().map(|(id, node)| (*id, node))
    }

    /// What a node has done.
    pub fn counts(&self, id: NodeId) -> Option<super::Counts> {
        self.nodes.get(&id).map(Node::counts)
    }

    fn settle(&mut self) {
        while let Some((from, to, message)) = self.on_the_way.pop_front() {
            if !self.cut.contains(&from) && !self.cut.contains(&to) {
                self.drive(to, |node| node.receive(from, message));
            }
        }
    }

    fn drive(&mut self, id: NodeId, step: impl FnOnce(&mut Node) -> Vec<Effect>) {
        let Some(node) = self.nodes.get_mut(&id) else { return };
        for effect in step(node) {
            match effect {
                Effect::Keep(kept) => self.disks.entry(id).or_insert_with(Disk::blank).keep(kept),
                Effect::Send { to, message } => self.on_the_way.push_back((id, to, message)),
                Effect::Answer { id, response } => drop(self.answers.insert(id, response)),
            }
        }
    }
}
