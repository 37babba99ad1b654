// `vaultlet inspect TOKEN`: a token's anatomy as text. It knows no key.
import { inspect } from "../node.js";
import { flags } from "./flags.js";

const HELP = `Usage: vaultlet inspect [-json] TOKEN

Says what a token is from its text alone: nothing is sent anywhere. With "-" the token is read from standard input,
so that it does not stay in the shell's history.

    -json    The same as JSON
`;

export async function inspectCommand(args) {
  const { found, rest } = flags(args.map((word) => (word === "-" ? "\0" : word)), { json: "switch", h: "switch", help: "switch" });
  if (found.h || found.help) return void process.stdout.write(HELP);
  if (rest.length !== 1) throw new Error("inspect takes one token. Run \"vaultlet inspect -h\".");
  const token = rest[0] === "\0" ? (await input()).trim() : rest[0];
  const anatomy = inspect(token);
  process.stdout.write(found.json ? `${JSON.stringify(anatomy, null, 2)}\n` : told(anatomy));
}

async function input() {
  let text = "";
  for await (const piece of process.stdin.setEncoding("utf8")) text += piece;
  return text;
}

function told(anatomy) {
  const rows = [
    ["kind", anatomy.kind],
    ["flavour", anatomy.flavour],
    ["namespace", anatomy.namespaceId],
    ["characters", anatomy.characters],
    ["bytes", anatomy.bytes],
    ...named("", anatomy.sealed),
    ...named("signed ", anatomy.signed),
    ...anatomy.parts.map(({ name, start, end, meaning }) => [`bytes ${start}-${end}`, `${name}: ${meaning}`]),
    ...anatomy.problems.map(({ at, text }) => ["problem", at === null ? text : `at character ${at}: ${text}`]),
  ].filter(([, value]) => value !== null && value !== undefined);
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, value]) => `${name.padEnd(width)}${value}\n`).join("");
}

function named(prefix, fields) {
  return Object.entries(fields ?? {}).map(([name, value]) => [prefix + name, value]);
}
