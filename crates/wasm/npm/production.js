// The refusal of what has no business in production. Only where there is a process: a page is built for production, and is none.

/** Throws where `NODE_ENV` says so, unless that is allowed. */
export function development(what, allowProduction) {
  if (process.env.NODE_ENV === "production" && allowProduction !== true) {
    throw new Error(
      `${what}: NODE_ENV is "production", and Vaultlet keeps its keys in memory. Use a real OpenBao or Vault, or set allowProduction: true.`,
    );
  }
}
