#!/usr/bin/env node
// The package's command line: a server, and an inspector that needs no server. It knows no engine's inside.
import { readFileSync } from "node:fs";
import { server } from "./server-command.js";
import { inspectCommand } from "./inspect-command.js";

const HELP = `Usage: vaultlet <command> [args]

    server      Vault's HTTP API on this machine, for development and tests
    inspect     Say what a token is, without any key and without any network
    version     Say which version this is

Run "vaultlet <command> -h" for what a command takes. Not for production: everything is in memory.
`;

const version = () => JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;

const commands = {
  server,
  inspect: inspectCommand,
  version: () => console.log(`vaultlet ${version()} (speaks OpenBao 2.7.2)`),
};

async function main([name, ...rest]) {
  if (["-v", "-version", "--version"].includes(name)) return commands.version();
  if (name === undefined || ["-h", "-help", "--help", "help"].includes(name)) return void process.stdout.write(HELP);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new Error(`there is no command "${name}". Run "vaultlet -h" for those that there are.`);
  await command(rest);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`vaultlet: ${error.message}`);
  process.exitCode = 1;
}
