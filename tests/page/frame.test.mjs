// The frame: both themes, every width, no request to elsewhere, nothing that a screen reader cannot use.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { launch, open, serve } from "./site.mjs";

let site, browser, axe;
before(async () => {
  site = await serve();
  browser = await launch();
  axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
});
after(async () => {
  await browser.close();
  await site.close();
});

/** What axe finds wrong. It runs beside the page's policy, not through it. */
async function violations(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe });
  const { result } = await session.send("Runtime.evaluate", {
    expression: "axe.run(document).then(({ violations }) => violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html} ${node.failureSummary}`)))",
    awaitPromise: true,
    returnByValue: true,
  });
  return result.value;
}

/** A page with much to see: a proof, a lesson under way, a flipped token. */
async function busy(page) {
  await page.getByRole("row", { name: /Can be root tokens/ }).getByRole("button", { name: /Prove it/ }).click();
  await page.locator(".pair").waitFor();
  for (const [at] of [0, 1, 2].entries()) {
    await page.locator(".run").nth(at).click();
    await page.getByRole("log").locator(".ran").nth(at).waitFor();
  }
  await page.getByRole("button", { name: "Flip a bit" }).click();
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing in the ${colorScheme} theme`, async () => {
    const { page, faults, close } = await open(browser, site.origin, { colorScheme, viewport: { width: 1440, height: 900 } });
    assert.deepEqual(await violations(page), []);
    await busy(page);
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "expired" }).click();
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(faults, []);
    await close();
  });

  test(`axe finds nothing on a phone in the ${colorScheme} theme`, async () => {
    const { page, close } = await open(browser, site.origin, { colorScheme, viewport: { width: 390, height: 844 } });
    for (const tab of ["Compare", "Inspect", "Lab"]) {
      await page.getByRole("button", { name: tab, exact: true }).click();
      assert.deepEqual(await violations(page), [], tab);
    }
    await close();
  });
}

for (const width of [320, 390, 768, 1440, 2560]) {
  test(`nothing overflows at ${width} px`, async () => {
    const { page, close } = await open(browser, site.origin, { viewport: { width, height: 900 } });
    const tabs = width < 720 ? ["Compare", "Inspect", "Lab"] : [undefined];
    if (width >= 720) await busy(page);
    for (const tab of tabs) {
      if (tab) await page.getByRole("button", { name: tab, exact: true }).click();
      const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(content <= window, `${tab ?? "page"}: ${content} px in ${window}`);
    }
    await close();
  });
}

test("a chosen theme stays, and is set before the first drawing", async () => {
  const { page, close } = await open(browser, site.origin, { colorScheme: "light" });
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  const button = page.getByRole("button", { name: /^Theme/ });
  await button.click();
  await button.click();
  assert.equal(await scheme(), "dark");
  await page.reload();
  assert.equal(await scheme(), "dark");
  await button.click();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), undefined);
  await close();
});

test("the engine's clock jumps and the token's time ends", async () => {
  const { page, faults, close } = await open(browser, site.origin);
  const prompt = page.getByLabel("Command");
  for (const line of ["vault login root", "vault token create -type=batch -policy=default -ttl=30m"]) {
    await prompt.fill(line);
    await prompt.press("Enter");
  }
  await page.locator("#inspect .life-top b", { hasText: /^(30m|29m)/ }).waitFor();
  await page.getByRole("button", { name: "+1h" }).click();
  await page.locator("#inspect .verdict", { hasText: "Batch token, expired." }).waitFor();
  await page.getByRole("log").getByText("Its time is over: b.").waitFor();
  assert.deepEqual(faults, []);
  await close();
});

test("new tokens are spelled as the reader chooses", async () => {
  const { page, close } = await open(browser, site.origin);
  await page.getByRole("radio", { name: /Vault 1.10/ }).check();
  const prompt = page.getByLabel("Command");
  for (const line of ["vault login root", "vault token create"]) {
    await prompt.fill(line);
    await prompt.press("Enter");
  }
  await page.getByRole("log").getByText(/^hvs\./).first().waitFor();
  await close();
});

test("the page's policy refuses what is not its own", async () => {
  const { page, close } = await open(browser, site.origin);
  const refused = await page.evaluate(async () => {
    const outcomes = [];
    await fetch("http://127.0.0.1:9/").catch((error) => outcomes.push(error.name));
    try {
      document.body.insertAdjacentHTML("beforeend", "<b>x</b>");
    } catch (error) {
      outcomes.push(error.name);
    }
    try {
      new Worker("./jq-worker.js");
    } catch (error) {
      outcomes.push(error.name);
    }
    return outcomes;
  });
  assert.deepEqual(refused, ["TypeError", "TypeError", "TypeError"]);
  await close();
});

test("a reader who wants no motion gets none", async () => {
  const { page, close } = await open(browser, site.origin, { reducedMotion: "reduce" });
  const animated = await page.evaluate(() => document.getAnimations().length);
  assert.equal(animated, 0);
  await close();
});
