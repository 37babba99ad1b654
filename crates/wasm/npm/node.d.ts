import type { Vault, VaultOptions } from "./index.js";

export * from "./index.js";

export type ListenOptions = VaultOptions & {
  /** The vault to serve; without it one is made of the options. */
  vault?: Vault;
  /** An address of this machine: `127.0.0.1` if not given. */
  host?: string;
  /** 0, if not given, finds a free one. */
  port?: number;
  /** PEM texts of a certificate and its key: then it speaks https. */
  tls?: { cert: string | Uint8Array; key: string | Uint8Array };
  /** Listens on an address that other machines reach. */
  allowRemote?: boolean;
  /** Milliseconds: how long a request may take to come whole, how long a client may say nothing, how long stopping waits. */
  times?: { request?: number; idle?: number; stop?: number };
};

/** A vault on a port. */
export interface Server {
  /** `http://127.0.0.1:8200` */
  readonly url: string;
  /** `127.0.0.1:8200` */
  readonly address: string;
  readonly port: number;
  /** The vault that answers; its clock can be moved while clients talk to it. */
  readonly vault: Vault;
  /** Stops: idle clients are sent away at once, what is under way is answered. */
  close(): Promise<void>;
}

/** Vault's HTTP API on a loopback port: every method, `LIST` too. */
export function listen(options?: ListenOptions): Promise<Server>;
