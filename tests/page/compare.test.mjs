// The comparison: it can be read without JavaScript, and it proves itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, open, serve } from "./site.mjs";

let site, browser;
before(async () => {
  site = await serve();
  browser = await launch();
});
after(async () => {
  await browser.close();
  await site.close();
});

test("the table can be read with JavaScript off", async () => {
  const { page, faults, close } = await open(browser, site.origin, { javaScriptEnabled: false });
  const rows = page.locator(".cmp tbody tr");
  assert.equal(await rows.count(), 13);
  assert.match(await rows.first().innerText(), /Can be root tokens\s+Yes\s+No/);
  assert.deepEqual(faults, []);
  await close();
});

test("the first row proves itself on both sides", async () => {
  const { page, faults, close } = await open(browser, site.origin);
  const row = page.getByRole("row", { name: /Can be root tokens/ });
  await row.getByRole("button", { name: /Prove it/ }).click();
  await row.getByRole("img", { name: "Proven" }).waitFor();
  assert.match(await row.innerText(), /400 batch tokens cannot be root tokens/);
  const transcripts = page.locator(".pair");
  assert.match(await transcripts.innerText(), /\$ vault token create\n[^]*token_duration +∞/);
  assert.match(await transcripts.innerText(), /\$ vault token create -type=batch\n[^]*\* batch tokens cannot be root tokens/);
  assert.equal(await page.locator(".count").innerText(), "1 of 13 · 1 proven, 0 differ");
  await row.getByRole("button", { name: /Transcripts/ }).click();
  await transcripts.waitFor({ state: "detached" });
  assert.deepEqual(faults, []);
  await close();
});

test("a proof leaves the page's own vault alone", async () => {
  const { page, close } = await open(browser, site.origin);
  const writes = page.locator(".writes b");
  const before = await writes.innerText();
  await page.getByRole("row", { name: /Cost/ }).getByRole("button", { name: /Prove it/ }).click();
  await page.getByRole("row", { name: /Cost/ }).getByRole("img", { name: "Proven" }).waitFor();
  assert.equal(await writes.innerText(), before);
  await close();
});

test("every row that can be run is proven, and the others say why not", async () => {
  const { page, faults, close } = await open(browser, site.origin);
  await page.getByRole("button", { name: "Prove all" }).click();
  await page.getByRole("button", { name: "Run again" }).waitFor({ timeout: 20_000 });
  const cells = await page.locator(".cmp .pr .proof").allInnerTexts();
  assert.deepEqual(cells.filter((cell) => cell.includes("Differs")), []);
  const proven = await page.locator(".cmp").getByRole("img", { name: "Proven" }).count();
  const silent = cells.filter((cell) => cell.includes("No proof yet")).length;
  assert.equal(proven + silent, 13);
  assert.ok(proven >= 10, `${proven} rows are proven`);
  assert.deepEqual(faults, []);
  await close();
});

test("proving all rows can be stopped", async () => {
  const { page, close } = await open(browser, site.origin);
  // Rows are proven faster than a hand moves: this one clicks as soon as the button says Stop.
  await page.evaluate(() => {
    const button = document.querySelector(".provebar button");
    const watch = new MutationObserver(() => {
      if (button.textContent !== "Stop") return;
      watch.disconnect();
      button.click();
    });
    watch.observe(button, { childList: true, characterData: true, subtree: true });
    button.click();
  });
  await page.getByRole("button", { name: "Prove all" }).waitFor();
  const proven = await page.locator(".cmp").getByRole("img", { name: "Proven" }).count();
  assert.ok(proven < 10, `${proven} rows were proven`);
  await close();
});
