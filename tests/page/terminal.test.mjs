// The terminal and the lesson: typed by hand, clicked, pasted, called back and interrupted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, open, serve } from "./site.mjs";

const LESSON = [
  "vault login root",
  'vault token create -type="batch"',
  "vault policy write base base.hcl",
  "vault policy read base",
  'vault token create -type=batch -policy=base -format=json | jq -r ".auth.client_token" > token.txt',
  "cat token.txt",
  "vault token lookup $(cat token.txt)",
];

let site, browser;
before(async () => {
  site = await serve();
  browser = await launch();
});
after(async () => {
  await browser.close();
  await site.close();
});

async function terminal(options) {
  const opened = await open(browser, site.origin, options);
  const prompt = opened.page.getByLabel("Command");
  const log = opened.page.getByRole("log");
  const type = async (line) => {
    const before = await log.locator(".ran").count();
    await prompt.click();
    await prompt.pressSequentially(line);
    await prompt.press("Enter");
    const ran = log.locator(".ran").nth(before);
    await ran.waitFor();
    return ran.innerText();
  };
  return { ...opened, prompt, log, type };
}

/** What the lesson prints, tokens and times aside. */
async function lessonWasSeen(page, log) {
  const text = await log.innerText();
  assert.match(text, /Success! You are now authenticated\./);
  assert.match(text, /Code: 400\. Errors:\n\n\* batch tokens cannot be root tokens/);
  assert.match(text, /Success! Uploaded policy: base/);
  assert.match(text, /path "secret\/data\/training_\*"/);
  assert.match(text, /\nb\.[A-Za-z0-9_-]{100,}/);
  assert.match(text, /policies +\[base default\]/);
  assert.match(text, /type +batch/);
  await page.getByText("Observed: a lookup answered type batch.").waitFor();
  assert.equal(await page.locator(".run.done").count(), LESSON.length);
}

/** The inspector has the token that the terminal made. */
async function inspectorHasIt(page, log) {
  const token = (await log.innerText()).match(/\n(b\.[A-Za-z0-9_-]{100,})/)[1];
  assert.equal(await page.getByLabel("Paste any token").inputValue(), token);
  assert.match(await page.locator("#inspect .verdict").innerText(), /Opens with this tab’s keyring/);
  assert.match(await page.getByLabel("Opened claims").innerText(), /\[base default\]/);
}

test("the lesson works typed by hand", async () => {
  const { page, log, type, faults, close } = await terminal();
  for (const line of LESSON) await type(line);
  await lessonWasSeen(page, log);
  await inspectorHasIt(page, log);
  assert.deepEqual(faults, []);
  await close();
});

test("the lesson works clicked", async () => {
  const { page, log, faults, close } = await terminal();
  for (const [at] of LESSON.entries()) {
    await page.locator(".run").nth(at).click();
    await log.locator(".ran").nth(at).waitFor();
  }
  await lessonWasSeen(page, log);
  await inspectorHasIt(page, log);
  assert.deepEqual(faults, []);
  await close();
});

test("the lesson works pasted, line by line", async () => {
  const { page, prompt, log, faults, close } = await terminal();
  await prompt.focus();
  await paste(prompt, `${LESSON.join("\n")}\n`);
  await log.locator(".ran").nth(LESSON.length - 1).waitFor();
  await lessonWasSeen(page, log);
  assert.deepEqual(faults, []);
  await close();
});

test("every command says what it cost, and the strip repeats the last", async () => {
  const { page, log, type, close } = await terminal();
  await type("vault login root");
  await type("vault policy write base base.hcl");
  await log.locator(".cmd", { hasText: "+1 write" }).waitFor();
  await type("vault token create -policy=base");
  assert.match(await page.locator(".writes").innerText(), /5\s*last command \+4/);
  await type("vault token create -type=batch -policy=base");
  assert.match(await page.locator(".writes").innerText(), /5\s*last command \+0/);
  await close();
});

test("jq is loaded on its first use, not before", async () => {
  const { page, type, close } = await terminal();
  const loaded = [];
  page.on("request", (request) => loaded.push(request.url()));
  await type("vault login root");
  assert.deepEqual(loaded, []);
  assert.match(await type(`echo '{"a":[1,2]}' | jq -c .a`), /\[1,2\]/);
  assert.ok(loaded.some((url) => url.endsWith("jq-worker.js")), loaded.join(" "));
  await close();
});

test("a jq program without an end is given up by Ctrl+C, and the shell goes on", async () => {
  const { page, prompt, log, type, close } = await terminal();
  await type("echo '1' | jq .");
  await prompt.fill("echo '1' | jq 'def f: f; f'");
  await prompt.press("Enter");
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await prompt.press("Control+c");
  await log.getByText("^C").waitFor();
  assert.match(await type("echo '2' | jq ."), /\n2/);
  await close();
});

/** Whether the prompt has the focus. */
const typing = (page) => page.evaluate(() => document.activeElement.id === "cmd");

/** Pastes text where the focus is. */
const paste = (prompt, text) =>
  prompt.evaluate((input, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);

test("arrows call lines back, and what was being typed", async () => {
  const { prompt, type, close } = await terminal();
  await type("echo one");
  await type("echo two");
  await prompt.pressSequentially("half");
  const steps = [["ArrowUp", "echo two"], ["ArrowUp", "echo one"], ["ArrowUp", "echo one"], ["ArrowDown", "echo two"], ["ArrowDown", "half"]];
  for (const [key, line] of steps) {
    await prompt.press(key);
    assert.equal(await prompt.inputValue(), line);
  }
  await close();
});

test("Ctrl+L clears, Ctrl+C drops the line", async () => {
  const { prompt, log, type, close } = await terminal();
  await type("echo one");
  await prompt.press("Control+l");
  await log.locator(".ran").first().waitFor({ state: "detached" });
  await prompt.fill("half a li");
  await prompt.press("Control+c");
  assert.equal(await prompt.inputValue(), "");
  await close();
});

test("Ctrl+A, E, U, K, W and Y edit as in any shell", async () => {
  const { prompt, close } = await terminal();
  await prompt.click();
  await prompt.pressSequentially("token create");
  await prompt.press("Control+a");
  await prompt.pressSequentially("vault ");
  await prompt.press("Control+e");
  await prompt.pressSequentially(" -orphan");
  assert.equal(await prompt.inputValue(), "vault token create -orphan");
  await prompt.press("Control+w");
  assert.equal(await prompt.inputValue(), "vault token create ");
  await prompt.press("Control+u");
  assert.equal(await prompt.inputValue(), "");
  await prompt.press("Control+y");
  assert.equal(await prompt.inputValue(), "vault token create ");
  await prompt.press("Control+a");
  await prompt.press("Control+k");
  assert.equal(await prompt.inputValue(), "");
  await close();
});

test("Tab completes, and a second Tab lists", async () => {
  const { page, prompt, log, type, close } = await terminal();
  await type("vault login root");
  await type("vault policy write batch-ops base.hcl");
  const completes = async (typed, line) => {
    await prompt.fill(typed);
    await prompt.press("Tab");
    assert.equal(await prompt.inputValue(), line);
  };
  await completes("vau", "vault ");
  await completes("vault token cr", "vault token create ");
  await completes("vault token create -exp", "vault token create -explicit-max-ttl=");
  await completes("vault token create -policy=bat", "vault token create -policy=batch-ops ");
  await completes("vault read auth/tok", "vault read auth/token/");
  await completes("cat ba", "cat base.hcl ");
  await completes("vault token re", "vault token re");
  assert.equal(await log.locator(".offers").count(), 0);
  await prompt.press("Tab");
  assert.match(await log.locator(".offers").innerText(), /renew {2}revoke/);
  assert.ok(await typing(page));
  await close();
});

test("Tab looks as far as the shell's token may, and costs none of its uses", async () => {
  const { prompt, type, close } = await terminal();
  await type("vault login root");
  await type("export VAULT_TOKEN=$(vault token create -use-limit=2 -field=token)");
  await prompt.fill("vault policy read def");
  await prompt.press("Tab");
  assert.equal(await prompt.inputValue(), "vault policy read default ");
  await prompt.fill("");
  // The lookup is the first use, and one is left.
  assert.match(await type("vault token lookup"), /num_uses +1/);
  await close();
});

test("the prompt is no trap: Esc, Shift+Tab and an empty line's Tab leave it", async () => {
  const { page, prompt, close } = await terminal();
  await prompt.fill("vault token re");
  await prompt.press("Escape");
  assert.equal(await typing(page), false);
  await prompt.focus();
  await prompt.press("Shift+Tab");
  assert.equal(await typing(page), false);
  await prompt.fill("");
  await prompt.press("Tab");
  assert.equal(await typing(page), false);
  await page.keyboard.press("Shift+Tab");
  assert.ok(await typing(page));
  await close();
});

test("Ctrl+R searches the history", async () => {
  const { page, prompt, log, type, close } = await terminal();
  await type("echo first token");
  await type("echo second token");
  await type("date +%s");
  await prompt.press("Control+r");
  const search = page.getByLabel("Search");
  await search.pressSequentially("token");
  assert.equal(await page.locator(".found").innerText(), "echo second token");
  await search.press("Control+r");
  assert.equal(await page.locator(".found").innerText(), "echo first token");
  await search.press("Enter");
  await log.locator(".ran").nth(3).waitFor();
  assert.match(await log.locator(".ran").nth(3).innerText(), /first token\n/);
  await prompt.fill("kept");
  await prompt.press("Control+r");
  await search.pressSequentially("secon");
  await search.press("Control+g");
  assert.equal(await prompt.inputValue(), "kept");
  await prompt.press("Control+r");
  await search.pressSequentially("secon");
  await search.press("Escape");
  assert.equal(await prompt.inputValue(), "echo second token");
  await close();
});

test("a here-document is typed over several lines", async () => {
  const { prompt, log, close } = await terminal();
  await prompt.click();
  for (const line of ["cat <<EOF", '  path "a" {}', "EOF"]) {
    await prompt.pressSequentially(line);
    await prompt.press("Enter");
  }
  await log.locator(".ran").first().waitFor();
  assert.match(await log.locator(".ran pre").innerText(), /^ {2}path "a" \{\}/);
  assert.equal(await prompt.inputValue(), "");
  await prompt.pressSequentially("echo 'open");
  await prompt.press("Enter");
  assert.match(await prompt.inputValue(), /open\n$/);
  await prompt.press("Control+c");
  assert.equal(await prompt.inputValue(), "");
  await close();
});

test("a paste from documentation runs line by line, and its last half line stays", async () => {
  const { prompt, log, close } = await terminal();
  await prompt.focus();
  await paste(
    prompt,
    [
      "$ vault login \\",
      "    root",
      "$ vault policy write test - <<EOF",
      'path "auth/token/create" {',
      '  capabilities = ["update"]',
      "}",
      "EOF",
      "$ vault policy read test",
      "vault token cre",
    ].join("\n"),
  );
  await log.locator(".ran").nth(2).waitFor();
  assert.match(await log.innerText(), /Success! Uploaded policy: test/);
  const read = await log.locator(".ran pre").nth(2).innerText();
  assert.match(read, /path "auth\/token\/create" \{\n {2}capabilities = \["update"\]\n\}/);
  assert.equal(await prompt.inputValue(), "vault token cre");
  await close();
});

test("curl is answered by this tab, whatever the address", async () => {
  const { type, faults, close } = await terminal();
  const noted = await type("export VAULT_ADDR=https://vault.example:8200");
  assert.match(noted, /https:\/\/vault\.example:8200 is not asked: the engine in this tab answers\./);
  const made = await type(
    `curl -s -H "X-Vault-Token: root" -X POST -d '{"type":"batch","policies":["default"]}' $VAULT_ADDR/v1/auth/token/create`,
  );
  assert.match(made, /"client_token":"b\.[A-Za-z0-9_-]{100,}"/);
  const refused = await type("curl -sS -f http://elsewhere.example/v1/auth/token/lookup-self");
  assert.match(refused, /curl: \(22\) The requested URL returned error: 403/);
  assert.deepEqual(faults, []);
  await close();
});

test("what was printed is selected and copied as in any terminal", async () => {
  const { page, log, type, close } = await terminal({ permissions: ["clipboard-read", "clipboard-write"] });
  await type("printf 'one two\\n  three\\n'");
  await log.locator(".ran pre").evaluate((printed) => getSelection().selectAllChildren(printed));
  await log.focus();
  await page.keyboard.press("Control+c");
  assert.equal((await page.evaluate(() => navigator.clipboard.readText())).trimEnd(), "one two\n  three");
  await close();
});

test("the terminal is usable on a screen of 320 pixels", async () => {
  const { page, prompt, log, type, faults, close } = await terminal({
    viewport: { width: 320, height: 568 },
    hasTouch: true,
  }).then(async (opened) => {
    await opened.page.getByRole("button", { name: "Lab" }).click();
    return opened;
  });
  await type("vault login root");
  await type("vault token create -type=batch -policy=default -ttl=20m -metadata=team=docs");
  const box = await prompt.boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 320 && box.width > 150, JSON.stringify(box));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.ok(await log.evaluate((log) => log.clientWidth <= 320));
  assert.deepEqual(faults, []);
  await close();
});

test("a pasted token is not taken away by one made in the terminal", async () => {
  const { page, type, close } = await terminal();
  const field = page.getByLabel("Paste any token");
  await field.fill("s.JlNTS5wVPPnb1P72poUjUR4o");
  await type("vault login root");
  await type("vault token create");
  assert.equal(await field.inputValue(), "s.JlNTS5wVPPnb1P72poUjUR4o");
  await page.getByRole("group", { name: "Made in this tab" }).getByRole("button").first().click();
  assert.match(await page.locator("#inspect .verdict").innerText(), /Service token, found in this tab’s storage/);
  await close();
});

test("a token in the output is a click away from the inspector", async () => {
  const { page, log, type, close } = await terminal({ viewport: { width: 390, height: 844 } }).then(async (opened) => {
    await opened.page.getByRole("button", { name: "Lab" }).click();
    return opened;
  });
  await type("vault login root");
  const printed = await type("vault token create");
  const token = printed.match(/token +(s\.[A-Za-z0-9]{24})/)[1];
  await log.getByText(token).first().click();
  await page.locator("#inspect").waitFor();
  assert.equal(await page.getByLabel("Paste any token").inputValue(), token);
  await close();
});

test("a hostile line gets an answer and the page lives", async () => {
  const { page, type, faults, close } = await terminal();
  for (const line of ["vault", "nonsense", "vault token create -ttl=täglich", ")", "vault login '🔑'"]) await type(line);
  assert.match(await type("echo alive"), /alive/);
  assert.ok(await page.locator("#inspect .verdict").isVisible());
  assert.deepEqual(faults, []);
  await close();
});
