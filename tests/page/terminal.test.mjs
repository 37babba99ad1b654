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
  await prompt.evaluate((input, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, `${LESSON.join("\n")}\n`);
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

test("arrows call lines back, Ctrl+L clears, Tab leaves", async () => {
  const { page, prompt, log, type, close } = await terminal();
  await type("echo one");
  await type("echo two");
  await prompt.press("ArrowUp");
  await prompt.press("ArrowUp");
  assert.equal(await prompt.inputValue(), "echo one");
  await prompt.press("ArrowDown");
  assert.equal(await prompt.inputValue(), "echo two");
  await prompt.press("ArrowDown");
  assert.equal(await prompt.inputValue(), "");
  await prompt.press("Control+l");
  await log.locator(".ran").first().waitFor({ state: "detached" });
  await prompt.fill("half a li");
  await prompt.press("Control+c");
  assert.equal(await prompt.inputValue(), "");
  await prompt.press("Tab");
  assert.notEqual(await page.evaluate(() => document.activeElement.id), "cmd");
  await page.keyboard.press("Shift+Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "cmd");
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
  for (const line of ["vault", "nonsense", "vault token create -ttl=täglich", "cat 'open", "$(", "vault login '🔑'"]) await type(line);
  assert.match(await type("echo alive"), /alive/);
  assert.ok(await page.locator("#inspect .verdict").isVisible());
  assert.deepEqual(faults, []);
  await close();
});
