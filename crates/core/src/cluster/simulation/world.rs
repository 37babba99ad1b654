//! Nodes, links and luck: what happens next, and what must hold whatever happens.

use std::collections::{BTreeMap, BTreeSet};

use super::Tally;
use super::clients::Clients;
use crate::cluster::{Disk, Effect, Kept, Message, Node, NodeId, Part, Seat};
use crate::host::{Seeded, SetClock};
use crate::{Core, Request, UnixTime, WriteBatch};

/// SplitMix64: small, and the same everywhere.
pub(super) struct Dice(u64);

impl Dice {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        let at = self.below(all.len().max(1) as u64);
        all.get(usize::try_from(at).unwrap_or_default()).copied()
    }
}

struct Letter {
    from: NodeId,
    to: NodeId,
    message: Message,
}

/// Everything.
pub(super) struct World {
    pub dice: Dice,
    pub tally: Tally,
    pub clock: SetClock,
    clients: Clients,
    seed: u64,
    /// How many lives nodes have had: each draws from a stream of its own.
    lives: u64,
    loss: u64,
    members: Vec<NodeId>,
    nodes: BTreeMap<NodeId, Node>,
    disks: BTreeMap<NodeId, Disk>,
    on_the_way: Vec<Letter>,
    cut: BTreeSet<(NodeId, NodeId)>,
    root_key: Vec<u8>,
    /// What was committed at each index, wherever it was.
    committed: BTreeMap<u64, WriteBatch>,
    /// At which index, and after how many answers, each node was looked at last: between, nothing can have changed.
    looked: BTreeMap<NodeId, (u64, u64)>,
    /// What was sealed under each nonce.
    nonces: BTreeMap<Vec<u8>, Vec<u8>>,
    calm: bool,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let clock = SetClock::at(UnixTime::from_nanos(1_795_460_913_012_345_678));
        let (mut core, mut batch) =
            Core::dev(Box::new(clock.clone()), Box::new(Seeded::new(seed << 16)), "root").unwrap();
        let outcome = core.handle(&super::clients::maker());
        batch.writes.extend(outcome.batch.writes);
        let root_key = core.keyring().unwrap().root_key.to_vec();
        let members: Vec<NodeId> = (1..=u32::try_from(1 + dice.below(5)).unwrap()).map(NodeId).collect();
        let blank = |id: &NodeId| (*id, if id.0 == 1 { Disk::founding(&batch) } else { Disk::blank() });
        let mut world = Self {
            tally: Tally::default(),
            clock,
            clients: Clients::default(),
            seed,
            lives: 0,
            loss: [0, 3, 20][usize::try_from(dice.below(3)).unwrap()],
            disks: members.iter().map(blank).collect(),
            members,
            nodes: BTreeMap::new(),
            on_the_way: Vec::new(),
            cut: BTreeSet::new(),
            root_key,
            committed: BTreeMap::new(),
            looked: BTreeMap::new(),
            nonces: BTreeMap::new(),
            calm: false,
            dice,
        };
        for id in world.members.clone() {
            world.start(id);
        }
        world.drive(NodeId(1), Node::promote).unwrap();
        world
    }

    /// One thing happens.
    pub fn step(&mut self) -> Result<(), String> {
        let Some(node) = self.dice.one_of(&self.members.clone()) else { return Ok(()) };
        match self.dice.below(100) {
            0..55 => self.deliver(),
            55..75 => self.ask(node),
            75..88 => self.tick(),
            88..90 => self.crash(node),
            90..93 => self.start_again(node),
            93..95 => {
                let other = self.dice.one_of(&self.members.clone()).unwrap_or(node);
                self.cut.insert((node.min(other), node.max(other)));
                Ok(())
            }
            95..97 => {
                let first = self.cut.iter().next().copied();
                first.map(|link| self.cut.remove(&link));
                Ok(())
            }
            97..99 => self.promote(node),
            _ => {
                self.clock.advance(i64::try_from(self.dice.below(10)).unwrap() * 1_000_000_000);
                Ok(())
            }
        }
    }

    /// The network heals, everybody runs, one node is promoted, and all letters arrive.
    pub fn calm_down(&mut self) -> Result<(), String> {
        self.calm = true;
        self.cut.clear();
        self.loss = 0;
        for id in self.members.clone() {
            self.start_again(id)?;
        }
        let chosen = self.dice.one_of(&self.members.clone()).unwrap_or(NodeId(1));
        for round in 0..6 {
            let active = self.nodes.values().filter(|node| node.part() == Part::Active).count();
            if round == 0 || active != 1 {
                self.promote(chosen)?;
            }
            for _ in 0..4 {
                self.tick()?;
                while !self.on_the_way.is_empty() {
                    self.deliver()?;
                }
            }
        }
        // A last write through every node, which brings everybody to the same index.
        for id in self.members.clone() {
            self.ask_for_service(id)?;
            while !self.on_the_way.is_empty() {
                self.deliver()?;
            }
        }
        self.tick()?;
        while !self.on_the_way.is_empty() {
            self.deliver()?;
        }
        Ok(())
    }

    /// What must hold in the end.
    pub fn judge(&mut self) -> Result<(), String> {
        let active = self.nodes.values().filter(|node| node.part() == Part::Active).count();
        ensure(active == 1, || format!("{active} nodes are active in calm weather"))?;
        let first: Vec<(String, Vec<u8>)> = entries(&self.nodes[&NodeId(1)]);
        for (id, node) in &self.nodes {
            ensure(entries(node) == first, || format!("{id} has other bytes than node 1"))?;
            let kept = &self.disks[id];
            let kept: Vec<_> = kept.entries.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
            ensure(kept == first, || format!("what {id} keeps is not what it has"))?;
        }
        let now = self.clock.now_nanos();
        for (id, node) in &mut self.nodes {
            let applied = node.counts().applied;
            self.clients.check(*id, node.core_mut(), applied, now, true)?;
        }
        ensure(self.clients.last_acknowledged(), || "the last write was not acknowledged".to_owned())
    }

    /// Notes what was sealed: no nonce may seal two things.
    pub fn note_sealed(&mut self, sealed: &[u8]) -> Result<(), String> {
        let Some(nonce) = sealed.get(5..17) else { return Ok(()) };
        let known = self.nonces.insert(nonce.to_vec(), sealed.to_vec());
        self.tally.nonces = self.nonces.len() as u64;
        ensure(known.is_none_or(|known| known == sealed), || format!("nonce {nonce:?} sealed two things"))
    }

    fn tick(&mut self) -> Result<(), String> {
        self.members.clone().into_iter().try_for_each(|id| self.drive(id, Node::tick))
    }

    fn promote(&mut self, id: NodeId) -> Result<(), String> {
        self.tally.promotions += 1;
        self.drive(id, Node::promote)
    }

    fn ask(&mut self, id: NodeId) -> Result<(), String> {
        let now = self.clock.now_nanos();
        let (number, request) = self.clients.think_of(&mut self.dice, id, now);
        self.put(id, number, &request)
    }

    fn ask_for_service(&mut self, id: NodeId) -> Result<(), String> {
        let (number, request) = self.clients.last(id, self.clock.now_nanos());
        self.put(id, number, &request)
    }

    fn put(&mut self, id: NodeId, number: u64, request: &Request) -> Result<(), String> {
        self.clock.advance(1_000_003);
        self.drive(id, |node| node.ask(number, request))
    }

    fn start(&mut self, id: NodeId) {
        self.lives += 1;
        let mut seat = Seat::new(id, self.members.clone());
        // Small, so that whole states are sent often.
        seat.log = 3;
        let rng = Seeded::new((self.seed << 16) + self.lives);
        let mut node = Node::new(seat, self.disks[&id].clone(), Box::new(self.clock.clone()), Box::new(rng));
        assert!(node.unseal(&self.root_key));
        self.nodes.insert(id, node);
    }

    fn start_again(&mut self, id: NodeId) -> Result<(), String> {
        if !self.nodes.contains_key(&id) {
            self.start(id);
        } else if self.nodes[&id].part() == Part::Sealed {
            let root_key = self.root_key.clone();
            let node = self.nodes.get_mut(&id).ok_or("no such node")?;
            ensure(node.unseal(&root_key), || format!("{id} does not unseal"))?;
        }
        Ok(())
    }

    fn crash(&mut self, id: NodeId) -> Result<(), String> {
        if self.dice.percent(25) {
            return self.drive(id, Node::seal);
        }
        self.tally.crashes += u64::from(self.nodes.remove(&id).is_some());
        Ok(())
    }

    /// One letter arrives, or is lost; any of them, so none is in order.
    fn deliver(&mut self) -> Result<(), String> {
        if self.on_the_way.is_empty() {
            return Ok(());
        }
        let at = usize::try_from(self.dice.below(self.on_the_way.len() as u64)).unwrap_or_default();
        let Letter { from, to, message } = self.on_the_way.swap_remove(at);
        let is_cut = self.cut.contains(&(from.min(to), from.max(to)));
        if is_cut || (!self.calm && self.dice.percent(self.loss)) {
            self.tally.lost += 1;
            return Ok(());
        }
        if !self.calm && self.dice.percent(5) {
            self.on_the_way.push(Letter { from, to, message: message.clone() });
        }
        self.tally.states += u64::from(matches!(message, Message::State { .. }));
        self.drive(to, |node| node.receive(from, message))
    }

    /// Lets a node do something, and does what it wants done; luck may crash it in between.
    fn drive(&mut self, id: NodeId, step: impl FnOnce(&mut Node) -> Vec<Effect>) -> Result<(), String> {
        let Some(node) = self.nodes.get_mut(&id) else { return Ok(()) };
        let puts = node.counts().puts;
        let was_active = node.part() == Part::Active;
        let effects = step(node);
        let (part, counts) = (node.part(), node.counts());
        let may_write = was_active || part == Part::Active;
        ensure(may_write || counts.puts == puts, || format!("{id} has written as a {part:?}"))?;
        for effect in effects {
            if !self.calm && self.dice.below(400) == 0 {
                self.tally.crashes += 1;
                self.nodes.remove(&id);
                return Ok(());
            }
            self.happen(id, may_write, effect)?;
        }
        let look = (counts.applied, self.clients.heard());
        if self.looked.insert(id, look) == Some(look) {
            return Ok(());
        }
        let now = self.clock.now_nanos();
        let Some(node) = self.nodes.get_mut(&id) else { return Ok(()) };
        self.clients.check(id, node.core_mut(), counts.applied, now, false)
    }

    fn happen(&mut self, id: NodeId, may_write: bool, effect: Effect) -> Result<(), String> {
        match effect {
            Effect::Send { to, message } => self.on_the_way.push(Letter { from: id, to, message }),
            Effect::Keep(kept) => {
                self.look_at(id, may_write, &kept)?;
                self.disks.get_mut(&id).ok_or("no such disk")?.keep(kept);
            }
            Effect::Answer { id: number, response } => {
                // Who committed it may have crashed since, and nobody else may have it yet.
                let applied = self.committed.last_key_value().map_or(1, |(index, _)| *index);
                let now = self.clock.now_nanos();
                let token = self.clients.hear(number, &response, (applied, now), &mut self.tally);
                if let Some(sealed) = token.and_then(|token| super::clients::frame(&token)) {
                    self.note_sealed(&sealed)?;
                }
            }
        }
        Ok(())
    }

    fn look_at(&mut self, id: NodeId, may_write: bool, kept: &Kept) -> Result<(), String> {
        match kept {
            Kept::Held(entry) => {
                ensure(entry.epoch.node != id || may_write, || {
                    format!("{id} proposes without being active")
                })?;
                let values = entry.batch.writes.iter().filter_map(|(_, value)| value.as_ref());
                values.cloned().collect::<Vec<_>>().iter().try_for_each(|sealed| self.note_sealed(sealed))
            }
            Kept::Applied(entry) => {
                let before = self.committed.insert(entry.index, entry.batch.clone());
                let same = before.is_none_or(|before| before == entry.batch);
                ensure(same, || format!("{id} commits another entry {}", entry.index))
            }
            Kept::Promised(_) | Kept::State { .. } => Ok(()),
        }
    }
}

fn entries(node: &Node) -> Vec<(String, Vec<u8>)> {
    node.core().entries().map(|(key, value)| (key.to_owned(), value.to_vec())).collect()
}

pub(super) fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}
