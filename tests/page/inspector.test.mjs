// The inspector: any token text, what it is, what is inside, and what is wrong with it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, open, serve } from "./site.mjs";

const LESSON =
  "b.AAAAAQKf5kVdMwjIwt4o49fDHIfEELolVEbz-rAzlKOlHTrGW_aZrFslOezTsk4JjuTwYtzNONARecYwJRjx59GQmiX6icA7gxnKKzsD3cPYtI10CHoH1GFAyGTN2K4gLIYeHBWdq6O2";
const SIGNED =
  "hvs.CAESIPIZMUtvWR5aeFHz3HfTYRhFEVMTK7KUn3KcGlQqhxTuGh4KHGh2cy5KbE5UUzV3VlBQbmIxUDcycG9VampVUjQ";

let site, browser;
before(async () => {
  site = await serve();
  browser = await launch();
});
after(async () => {
  await browser.close();
  await site.close();
});

async function inspector(options) {
  const opened = await open(browser, site.origin, options);
  const panel = opened.page.locator("#inspect");
  return {
    ...opened,
    panel,
    field: opened.page.getByLabel("Paste any token"),
    verdict: panel.locator(".verdict"),
  };
}

/** Waits until an element's text is as asked for. */
async function says(locator, pattern) {
  await locator.filter({ hasText: pattern }).waitFor();
}

test("a token of this tab stands opened from the start, and counts down", async () => {
  const { page, panel, verdict, close } = await inspector();
  await says(verdict, "Opens with this tab’s keyring.");
  await says(panel.getByLabel("Opened claims"), "[base default]");
  const left = panel.locator(".life-top b");
  const before = await left.innerText();
  await page.waitForFunction((before) => document.querySelector(".life-top b").textContent !== before, before);
  await page.getByRole("button", { name: "+1h" }).click();
  await says(left, /^766h/);
  await close();
});

test("the lesson's token of 2018 is taken apart and stays closed", async () => {
  const { panel, field, verdict, faults, close } = await inspector();
  await field.fill(`  ${LESSON}\n`);
  await says(panel, "142 characters, 105 bytes");
  await says(verdict, "Batch token that cannot be opened without its keyring. It does not open with this tab’s");
  await says(verdict, "Key term 1, version 2, 72 sealed bytes");
  for (const [part, size] of [["key term", "4 bytes"], ["version", "1 byte"], ["nonce", "12 bytes"], ["ciphertext", "72 bytes"], ["tag", "16 bytes"]]) {
    assert.equal(await panel.locator("dt", { hasText: part }).getAttribute("data-n"), size);
  }
  assert.equal(await panel.locator("[data-byte]").count(), 105);
  assert.equal(await panel.locator("[data-byte='4']").getAttribute("aria-label"), "byte 4, version, 02");
  assert.ok(!(await panel.innerText()).includes("[base default]"), "what did not open is not in the page");
  assert.deepEqual(faults, []);
  await close();
});

test("letters that carry bits of two segments are split at the bit", async () => {
  const { page, field, close } = await inspector();
  await field.fill(LESSON);
  const letters = page.locator(".tok-letters");
  assert.equal((await letters.textContent()).replace("\u200b", ""), LESSON);
  assert.deepEqual(await letters.locator(".mix").allTextContents(), ["Q", "K", "f", "F"]);
  const shares = await letters.locator(".mix").evaluateAll((all) => all.map((one) => getComputedStyle(one).getPropertyValue("--at")));
  assert.deepEqual(shares, ["33.33%", "66.67%", "66.67%", "66.67%"]);
  await close();
});

test("a flipped bit is named by its byte, and flipped back", async () => {
  const { page, panel, verdict, field, close } = await inspector();
  const text = await field.inputValue();
  await panel.getByRole("button", { name: /^byte 41,/ }).click();
  await says(verdict, "tampered at byte 41");
  assert.notEqual(await field.inputValue(), text);
  assert.equal(await panel.locator(".tok-letters .flipped").count(), 1);
  await panel.getByRole("button", { name: "Flip it back" }).click();
  await says(verdict, "Opens with this tab’s keyring.");
  assert.equal(await field.inputValue(), text);
  await panel.getByRole("button", { name: "Flip a bit" }).click();
  await says(verdict, "tampered at byte");
  await page.getByRole("button", { name: "Clear" }).click();
  await says(verdict, "No token yet.");
  await close();
});

test("the bytes are one tab stop, moved in by arrows and flipped by Space", async () => {
  const { page, panel, verdict, close } = await inspector();
  await panel.getByRole("button", { name: "no keyring" }).focus();
  await page.keyboard.press("Tab");
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("data-byte"));
  assert.equal(await focused(), "0");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(), "17");
  await page.keyboard.press("Space");
  await says(verdict, "tampered at byte 17");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), null);
  await close();
});

test("every sample stands as it says", async () => {
  const { panel, verdict, close } = await inspector();
  const samples = [
    ["expired", "Batch token, expired."],
    ["parent revoked", "Batch token, parent revoked."],
    ["tampered", "tampered at byte 41"],
    ["no keyring", "cannot be opened without its keyring"],
    ["good", "Opens with this tab’s keyring."],
  ];
  for (const [name, sentence] of samples) {
    await panel.getByRole("button", { name, exact: true }).click();
    await says(verdict, sentence);
  }
  await panel.getByRole("button", { name: "parent revoked" }).click();
  assert.ok(!(await panel.innerText()).includes("s.parentRevoked"), "a parent is masked");
  await panel.getByRole("button", { name: "Show the parent" }).click();
  await says(panel, "s.parentRevoked");
  await close();
});

test("what is wrong with a broken token is said, and where", async () => {
  const { field, verdict, faults, close } = await inspector();
  const broken = [
    [LESSON.replace("kV", "k+"), "at character 12"],
    [LESSON.slice(0, 20), "Too short for a sealed token"],
    ["b.", "Not a whole batch token."],
    ["two words", "A token has no spaces inside"],
    ["s.short", "A generated id has 24 letters, this one has 5"],
    ["eyJhbGciOiJIUzI1NiJ9.e30.x", "a JSON web token"],
    ["täuschung 🔑", "Not a token."],
    ["hvs.JlNTS5wVPPnb1P72poUjUR4o", "revoke it: it has been in a page now"],
    ["root", "found in this tab’s storage"],
    ["x".repeat(100_000), "Not a token of this tab."],
  ];
  for (const [text, sentence] of broken) {
    await field.fill(text);
    await says(verdict, sentence);
  }
  assert.deepEqual(faults, []);
  await close();
});

test("a signed token's wrapper is read", async () => {
  const { panel, field, verdict, close } = await inspector();
  await field.fill(SIGNED);
  await says(verdict, "Service token");
  await says(panel.locator(".tok-label"), `${SIGNED.length} characters`);
  await close();
});
