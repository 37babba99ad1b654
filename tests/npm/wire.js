// Bytes on a socket, sent as they are. It knows no HTTP but where an answer ends.
import { connect } from "node:net";

/** Sends bytes and gives what comes back: the first answer is waited for, and then until the server is silent for a while or leaves. */
export function send(port, bytes, { leave = false, patience = 10_000, silence = 300 } = {}) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    let timer;
    const done = (closed) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, closed });
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => done(false), text === "" ? patience : silence);
    };
    socket.setEncoding("latin1");
    socket.on("connect", () => {
      for (const piece of [bytes].flat()) socket.write(piece);
      if (leave) socket.end();
      wait();
    });
    socket.on("data", (piece) => {
      text += piece;
      wait();
    });
    socket.on("close", () => done(true));
    socket.on("error", () => {});
  });
}

/** The answers in a text: each one's status line, whether it names its length or closes, and its body without what differs each time. */
export function told({ text, closed }) {
  const answers = [];
  for (let rest = text; rest !== ""; ) {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) return { answers, rest };
    const head = rest.slice(0, end);
    const length = /^content-length: (\d+)/im.exec(head)?.[1];
    const bodiless = /^HTTP\/1.[01] (100|204)/.test(head);
    const till = bodiless ? end + 4 : length === undefined ? rest.length : end + 4 + Number(length);
    answers.push({ status: head.split("\r\n")[0], type: header(head, "content-type"), location: header(head, "location"), connection: header(head, "connection"), body: json(plain(rest.slice(end + 4, till))) });
    rest = rest.slice(till);
  }
  // The real listener lingers half a second after it has said that it closes.
  return { answers, closed: closed || answers.at(-1)?.connection === "close" };
}

function header(head, name) {
  return new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1].trim();
}

/** What a body says: the order of members is not part of that. */
function json(body) {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** A body without ids, times and tokens, which differ each time. */
export function plain(body) {
  return body
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
    .replace(/\b(s|b|hvs|hvb)\.[A-Za-z0-9_-]{20,}/g, "TOKEN")
    .replace(/"(accessor|issue_time|creation_time|last_renewal_time|expire_time)":("[^"]*"|\d+)/g, '"$1":0')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replace(/"keys":\[[^\]]*\]/g, '"keys":[]');
}
