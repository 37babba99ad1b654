// What JavaScript gives, checked: a wrong type is an Error that names the argument. It knows no vault.

/** What a value is, in words. */
export function kind(value) {
  return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}

/** A text, or an error that names what is none. */
export function text(name, value, needed) {
  if (typeof value !== "string") throw new TypeError(`${name}: ${needed} is needed, not ${kind(value)}`);
  return value;
}

/** An object, or an error that says which one is needed. */
export function object(name, value, needed) {
  if (typeof value !== "object" || value === null) throw new TypeError(`${name}: ${needed} is needed, not ${kind(value)}`);
  return value;
}

/** A whole number within bounds, or an error that names them. */
export function integer(name, value, least, most) {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new TypeError(`${name}: a whole number from ${least} to ${most} is needed, not ${String(value)}`);
  }
  return value;
}

/** Bytes, or an error that names what are none. */
export function bytes(name, value) {
  const view = value instanceof ArrayBuffer ? new Uint8Array(value.byteLength === 0 ? 0 : value) : value;
  if (!(view instanceof Uint8Array)) throw new TypeError(`${name}: a Uint8Array is needed, not ${kind(value)}`);
  // Bytes that were given away to a worker have no length any more, and cannot be copied.
  return view.byteLength === 0 ? new Uint8Array() : view;
}

/** A body as it is sent: a text as it is, anything else as JSON. */
export function body(name, value) {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? "";
  } catch (error) {
    throw new TypeError(`${name}: it cannot be sent as JSON: ${error.message}`, { cause: error });
  }
}

/** Headers as pairs of texts. */
export function headers(name, value) {
  return Object.entries(object(name, value, "an object of texts")).map(([key, word]) => [key, text(`${name}.${key}`, word, "a text")]);
}
