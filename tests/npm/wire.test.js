// The same bytes to the package's server and to the real one: status line, type, body and what becomes of the connection are equal.
import assert from "node:assert";
import test, { after, before } from "node:test";
import { listen } from "vaultlet/node";
import { realServer } from "./real.js";
import { send, told } from "./wire.js";

const HOST = "Host: x\r\nX-Vault-Token: root\r\n";
const get = (path, more = "") => `GET ${path} HTTP/1.1\r\n${HOST}${more}\r\n`;
const put = (body, more = `Content-Length: ${body.length}\r\n`) => `PUT /v1/sys/capabilities-self HTTP/1.1\r\n${HOST}${more}\r\n${body}`;
const chunked = (body) => put(body, "Transfer-Encoding: chunked\r\n");
const PATHS = '{"paths":"a"}';

/** What is sent, by what it is. `leave`: the client sends no more; the listener must not wait. */
const CASES = {
  "a request": get("/v1/auth/token/lookup-self"),
  "LIST": `LIST /v1/auth/token/accessors HTTP/1.1\r\n${HOST}\r\n`,
  "a method nobody knows": `FOO /v1/sys/leader HTTP/1.1\r\n${HOST}\r\n`,
  "a path with empty parts": get("/v1//sys/../sys/leader?a=b"),
  "OPTIONS": `OPTIONS /v1/sys/leader HTTP/1.1\r\n${HOST}\r\n`,
  "HTTP/1.0": "GET /v1/sys/leader HTTP/1.0\r\n\r\n",
  "HTTP/1.0 that stays": "GET /v1/sys/leader HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
  "two requests at once": get("/v1/sys/leader").repeat(2),
  "a request with a body that nobody reads, and another one": `GET /v1/sys/leader HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhello${get("/v1/sys/leader")}`,
  "a last request, and another one": get("/v1/sys/leader", "Connection: close\r\n") + get("/v1/sys/leader"),
  "an upgrade": get("/v1/sys/leader", "Connection: upgrade\r\nUpgrade: websocket\r\n"),
  "a whole URL": get("http://a.b/v1/sys/leader"),
  "line ends without a return": "GET /v1/sys/leader HTTP/1.1\nHost: x\n\n",
  "an empty host": "GET /v1/sys/leader HTTP/1.1\r\nHost:\r\n\r\n",
  "400 headers": get("/v1/sys/leader", "A: x\r\n".repeat(400)),
  "nothing to say": `PUT /v1/auth/token/revoke HTTP/1.1\r\n${HOST}Content-Length: 15\r\n\r\n{"token":"s.x"}`,
  "a body": put(PATHS),
  "a body in chunks": chunked('5\r\n{"pat\r\n8;x=y\r\nhs":"a"}\r\n0\r\nTrail: z\r\n\r\n'),
  "a body in chunks that also has a length": put('d\r\n{"paths":"a"}\r\n0\r\n\r\n', "Content-Length: 2\r\nTransfer-Encoding: Chunked\r\n"),
  "a body of no chunks": chunked("0\r\n\r\n"),
  "a body that waits for a word": put("", "Expect: 100-continue\r\nContent-Length: 13\r\n"),
  "a body that gets a word": put(PATHS, "Expect: 100-continue\r\nContent-Length: 13\r\n"),
  "another expectation": put(PATHS, "Expect: 200-ok\r\nContent-Length: 13\r\n"),
  "chunks of the wrong length": chunked('2\r\n{"paths":"a"}\r\n0\r\n\r\n'),
  "chunks of no length": chunked("zz\r\n{}\r\n0\r\n\r\n"),
  "chunks of every length": chunked("fffffffffffffffff\r\n{}"),
  "another coding": put(PATHS, "Transfer-Encoding: gzip\r\n"),
  "no host": "GET /v1/sys/leader HTTP/1.1\r\n\r\n",
  "two hosts": "GET /v1/sys/leader HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
  "a host that is none": "GET /v1/sys/leader HTTP/1.1\r\nHost: a b\r\n\r\n",
  "two lengths": put("{}", "Content-Length: 2\r\nContent-Length: 3\r\n"),
  "a length below nothing": put("{}", "Content-Length: -2\r\n"),
  "a length of letters": put("{}", "Content-Length: two\r\n"),
  "a header that is none": get("/v1/sys/leader", "bad header\r\n"),
  "a header's name with a space": get("/v1/sys/leader", "bad : x\r\n"),
  "a header with a zero byte": get("/v1/sys/leader", "A: b\0c\r\n"),
  "too many headers": get("/v1/sys/leader", "A: x\r\n".repeat(600)),
  "no HTTP at all": "hello\r\n\r\n",
  "HTTP/0.9": "GET /v1/sys/leader\r\n\r\n",
  "HTTP/3.7": "GET / HTTP/3.7\r\n\r\n",
  "a method with an @": `F@O /v1/sys/leader HTTP/1.1\r\n${HOST}\r\n`,
  "a path without its slash": get("v1/sys/leader"),
  "a broken escape": get("/v1/sys/%zz"),
  "a control byte in the path": get("/v1/sys/lead\x01r"),
};

let real, ours;

before(async () => {
  [real, ours] = await Promise.all([realServer(), listen({ rootToken: "root" })]);
});

after(async () => {
  await Promise.all([real?.stop(), ours?.close()]);
});

for (const [name, bytes] of Object.entries(CASES)) {
  test(name, async () => {
    const [expected, actual] = await Promise.all([real, ours].map(({ port }) => send(port, Buffer.from(bytes, "latin1"))));
    assert.deepEqual(told(actual), told(expected));
    assert.notEqual(actual.text, "", "there is an answer");
  });
}

test("a client that leaves before its body is whole is told so", async () => {
  const cut = put("{", "Content-Length: 9\r\n");
  const [expected, actual] = await Promise.all([real, ours].map(({ port }) => send(port, cut, { leave: true })));
  assert.deepEqual(told(actual).answers[0].body, told(expected).answers[0].body);
});

test("a body over 32 MiB is refused", async () => {
  const head = put("", "Content-Length: 34000000\r\n");
  const body = Buffer.alloc(34_000_000, "a");
  const [expected, actual] = await Promise.all([real, ours].map(({ port }) => send(port, [head, body])));
  assert.match(actual.text, /^HTTP\/1.1 413 /);
  assert.deepEqual(told(actual).answers, told(expected).answers);
});

test("a head over 1 MiB is refused", async () => {
  const head = get("/v1/sys/leader", `A: ${"x".repeat(1_100_000)}\r\n`);
  const [expected, actual] = await Promise.all([real, ours].map(({ port }) => send(port, head)));
  assert.deepEqual(told(actual).answers, told(expected).answers);
});
