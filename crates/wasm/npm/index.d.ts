/** Whose spelling tokens have: `s.`/`b.` (OpenBao) or `hvs.`/`hvb.` (Vault since 1.10). */
export type Flavour = "openbao" | "vault";

/** A new vault. */
export interface NewVaultOptions {
  /** The root token's id; `"root"` if not given. */
  rootToken?: string;
  /** Milliseconds since 1970 (the clock stands), or a function that gives them. Without it the clock follows `Date.now()`. */
  now?: number | (() => number);
  /** The same seed and clock give the same bytes. Only for replays and tests: without it every vault draws its own randomness. */
  seed?: number;
  /** The spelling of new tokens; all forms are accepted. */
  flavour?: Flavour;
  /** `false` begins without a vault: `sys/init` makes it and gives its shares and its root token. */
  initialized?: boolean;
  /** Makes a vault also where `NODE_ENV` is `"production"`. It keeps its keys in memory: a real OpenBao or Vault is meant for that. */
  allowProduction?: boolean;
}

/** The vault of a snapshot. It draws its own randomness. */
export interface SavedVaultOptions {
  /** What `vault.snapshot()` gave, or `operator raft snapshot save` wrote. */
  snapshot: Uint8Array | ArrayBuffer;
  /** Enough of its unseal shares, each in base64 or hex: `vault.shares` of a vault made here. */
  shares: string[];
  /** Whether what would write is refused. Without it a real server's is, and a vault made here is not. */
  readOnly?: boolean;
  /** As for a new vault. A vault made here goes on at the time of its snapshot, if the clock is behind it. */
  now?: number | (() => number);
  /** The spelling of new tokens; all forms are accepted. */
  flavour?: Flavour;
  /** As for a new vault. */
  allowProduction?: boolean;
}

export type VaultOptions = NewVaultOptions | SavedVaultOptions;

export interface VaultRequest {
  /** `GET` if not given; `LIST` is a method too. */
  method?: string;
  /** Below `/v1/`: `auth/token/create`. */
  path: string;
  /** The caller's token. */
  token?: string;
  headers?: Record<string, string>;
  /** An object, sent as JSON, or a text, sent as it is. */
  body?: unknown;
}

export interface VaultAnswer {
  /** The HTTP status. */
  status: number;
  /** The JSON body; `null` if there is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

/** A service token or a secret's lease that ended. Batch tokens end unseen: nothing is stored of them. */
export type Ended = {
  /** Milliseconds since 1970. */
  at: number;
  /** Its time was over, or the token that it belongs to ended. */
  why: "time" | "token" | "asked";
} & ({ kind: "token"; accessor: string; displayName: string; path: string } | { kind: "lease"; leaseId: string });

/** A storage key and the sealed bytes put there, or `null` if it was deleted. */
export type Write = [key: string, sealed: Uint8Array | null];

/** A vault in this process, unsealed, as `bao server -dev` starts one. */
export interface Vault {
  /** Answers like `fetch` to a Vault at any address; paths begin with `/v1/`. */
  fetch(input: string | URL | Request, options?: RequestInit): Promise<Response>;
  /** Answers a request without a promise. */
  request(request: VaultRequest): VaultAnswer;
  /** Answers the same request many times, and gives the tokens that came of it: `POST auth/token/create` if no path is given. */
  createMany(count: number, request?: Partial<VaultRequest>): string[];
  /** Moves the vault's clock on: `"1h"`, `"90s"`, or a number of seconds. What ends on the way ends in its order; given is what ended. */
  advance(span: string | number): Ended[];
  /** The whole sealed state as a file, without any key: `createVault({ snapshot, shares })` opens it, and so does a real server. */
  snapshot(): Uint8Array;
  /** The one share that opens this vault's snapshots, in base64; empty if others hold its shares, and while it is sealed. */
  readonly shares: string[];
  /** The mounts of a real server's snapshot that nothing here knows. What they store is kept; whoever asks one of them is told so. */
  readonly unknownMounts: { path: string; type: string }[];
  /** Calls back with each batch of sealed writes, before it is applied; without a function it stops. */
  onWrites(callback?: (batch: Write[]) => void): void;
  /** How many entries were put and deleted, and how often was sealed, since the vault was made. */
  readonly writes: { puts: number; deletes: number; encryptions: number };
  /** What node-vault takes: `nodeVault({ "request-promise": vault.transport, token: "root" })`. No port is opened. */
  readonly transport: { defaults(options?: object): (options: object) => Promise<object> };
  /** Gives the vault's memory back; it cannot be used after. */
  free(): void;
}

/** Some bytes of a token's payload and what they are. */
export interface Part {
  name: "term" | "version" | "nonce" | "ciphertext" | "tag" | "wrapper" | "undecided";
  /** The first byte, and the byte behind the last. */
  start: number;
  end: number;
  hex: string;
  meaning: string;
}

/** What can be said of a token without any key. */
export interface Anatomy {
  kind: "batch" | "service" | "recovery" | "custom" | "unknown";
  flavour: Flavour | null;
  prefix: string;
  namespaceId: string | null;
  characters: number;
  bytes: number;
  sealed: { term: number; version: number; nonce: string; sealedLength: number; tag: string } | null;
  signed: { version: number; hmac: string; inner: string; localIndex: number; indexEpoch: number } | null;
  parts: Part[];
  /** What is wrong, and at which character, if that can be said. */
  problems: { at: number | null; text: string }[];
}

/** A token's entry, with the lookup's names. */
export interface TokenEntry {
  /** The raw parent token; empty for an orphan. */
  parent: string;
  policies: string[];
  path: string;
  meta: Record<string, string>;
  display_name: string;
  /** Seconds since 1970. */
  creation_time: number;
  /** Seconds, with fractions. */
  ttl: number;
  role: string;
  entity_id: string;
  bound_cidrs: string[];
  namespace_id: string;
  type: "batch" | "service";
  internal_meta: Record<string, string>;
  inline_policy: string;
  no_identity_policies: boolean;
}

/** A keyring as the server stores it; keys are base64. */
export interface Keyring {
  MasterKey?: string;
  Keys: { Term: number; Version?: number; Value: string; InstallTime?: string }[];
}

/** Loads the engine. On Node the first call does it; elsewhere await this, or `createVault`, before the others. */
export function init(source?: unknown): Promise<void>;
/** A new vault, or the vault of a snapshot. */
export function createVault(options?: VaultOptions): Promise<Vault>;
/** Takes any token's text apart, without any key and without any network. */
export function inspect(token: string): Anatomy;
/** Opens a batch token with a keyring, given as an object or as its JSON text. */
export function open(token: string, keyring: Keyring | string): TokenEntry;
/** Seals an entry into a batch token under the keyring's newest key. */
export function seal(entry: Partial<TokenEntry>, keyring: Keyring | string, options?: { flavour?: Flavour }): string;
/** Seals it into many tokens, each with a nonce of its own. */
export function seal(entry: Partial<TokenEntry>, keyring: Keyring | string, options: { flavour?: Flavour; count: number }): string[];

/** A snapshot, of a real server or of `vault.snapshot()`, opened. */
export interface OpenedSnapshot {
  /** Its keyring, for `open` and `seal`. Whoever has it opens everything of that server. */
  keyring: Keyring;
  /** How many unseal shares open it, and of how many. */
  threshold: number;
  shares: number;
  /** The storage keys of its entries, sorted. */
  keys: string[];
}

/** Opens what `operator raft snapshot save` wrote, or what `vault.snapshot()` gave, with enough unseal shares, each in base64 or hex. Nothing is sent anywhere. */
export function readSnapshot(bytes: Uint8Array | ArrayBuffer, shares: string[]): OpenedSnapshot;
