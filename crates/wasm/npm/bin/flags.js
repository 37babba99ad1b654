// Flags as Go reads them: `-name=value`, `-name value`, `--name`, and switches. It knows no command.

/** Reads flags; `known` has each name with "switch" or "value". What is no flag comes back as `rest`. */
export function flags(args, known) {
  const found = {};
  const rest = [];
  for (let at = 0; at < args.length; at += 1) {
    const match = /^--?([^=]+)(?:=([\s\S]*))?$/.exec(args[at]);
    if (!match) {
      rest.push(args[at]);
      continue;
    }
    const [, name, given] = match;
    if (!Object.hasOwn(known, name)) {
      throw new Error(`there is no flag -${name}. Known are: ${Object.keys(known).map((flag) => `-${flag}`).join(", ")}.`);
    }
    if (known[name] === "switch") {
      found[name] = truth(name, given ?? "true");
    } else {
      if (given === undefined && at + 1 >= args.length) throw new Error(`the flag -${name} needs a value: -${name}=VALUE.`);
      found[name] = given ?? args[(at += 1)];
    }
  }
  return { found, rest };
}

function truth(name, word) {
  if (/^(1|t|true)$/i.test(word)) return true;
  if (/^(0|f|false)$/i.test(word)) return false;
  throw new Error(`the flag -${name} is true or false, not "${word}".`);
}
