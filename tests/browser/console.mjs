// The console in Debian's Chromium, as two officials and an auditor use it, and as somebody who
// forges. Usage: node console.mjs SETTINGS.json; the pictures and every page's text go to the
// folder that it names. Exits 1 with the step that failed.
import {spawnSync} from "node:child_process";
import {createHmac} from "node:crypto";
import fs from "node:fs";
import {chromium} from "playwright-core";

const settings = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const {origin, city, ctl, shots} = settings;
const pages = [];  // every page's markup, for the test's search for residents' data
const steps = [];

const same = (got, wanted, what) => {
  if (got !== wanted) throw new Error(`${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
};
const holds = (text, part, what) => {
  if (!text.includes(part)) throw new Error(`${what}: no “${part}” in: ${text.slice(0, 1500)}`);
};
const lacks = (text, part, what) => {
  if (text.includes(part)) throw new Error(`${what}: “${part}” is there`);
};
const step = async (name, act) => {
  const begun = Date.now();
  try {
    await act();
  } catch (fault) {
    fault.message = `step “${name}”: ${fault.message}`;
    throw fault;
  }
  steps.push(name);
  console.log(`ok ${name} (${Date.now() - begun} ms)`);
};

// RFC 6238, as an authenticator app has it that is half a minute fast: such a code is taken for a
// minute at least, the present one perhaps for half of it.
const totp = secret => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map(one => letters.indexOf(one).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map(one => parseInt(one, 2)));
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + 1));
  const mac = createHmac("sha1", key).update(count).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1000000).padStart(6, "0");
};

// certrelayctl as that person, on the own terminal.
const command = (person, ...words) => {
  const done = spawnSync(ctl, [...words, "--config", `${city}/admin.json`, "--as", person,
    "--pass-phrase-file", `${city}/operators/${person}.pass-phrase`], {encoding: "utf8"});
  return {code: done.status, said: done.stdout + done.stderr};
};

const browser = await chromium.launch({executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--lang=ja-JP"]});

// A browser of one person's own, with the client certificate of the terminal and a security key.
class Person {
  static async at(name, {locale = "ja-JP", viewport = {width: 1180, height: 820}} = {}) {
    const person = new Person();
    person.name = name;
    const phrase = fs.readFileSync(`${city}/operators/${name}.pass-phrase`, "utf8").trim();
    person.context = await browser.newContext({locale, viewport, timezoneId: "Asia/Tokyo",
      ignoreHTTPSErrors: true, clientCertificates: [{origin,
        certPath: `${city}/operators/${name}.pem`, keyPath: `${city}/operators/${name}.key`,
        passphrase: phrase}]});
    person.context.setDefaultTimeout(120000);
    person.page = await person.context.newPage();
    person.page.on("console", message => {
      // What a policy forbids is said here; a page of ours asks for nothing forbidden.
      if (message.type() === "error" && /Content Security Policy/.test(message.text())) {
        person.broken = message.text();
      }
    });
    const cdp = await person.context.newCDPSession(person.page);
    await cdp.send("WebAuthn.enable");
    const made = await cdp.send("WebAuthn.addVirtualAuthenticator", {options: {protocol: "ctap2",
      transport: "usb", hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true}});
    person.cdp = cdp;
    person.authenticator = made.authenticatorId;
    return person;
  }
  async seen() {
    await this.page.waitForLoadState();
    pages.push(await this.page.content());
    if (this.broken) throw new Error(this.broken);
    return await this.page.innerText("body");
  }
  async go(path) {
    await this.page.goto(origin + path);
    return await this.seen();
  }
  async press(words) {
    await Promise.all([this.page.waitForNavigation(),
      this.page.getByRole("button", {name: words, exact: true}).click()]);
    return await this.seen();
  }
  async logIn(password, button = "ログイン") {
    await this.go("/login");
    await this.page.getByLabel("利用者ID").fill(this.name);
    await this.page.getByLabel("パスワード").fill(password);
    return await this.press(button);
  }
  async shot(name, options = {}) {
    await this.page.screenshot({path: `${shots}/${name}.png`, animations: "disabled", ...options});
  }
  // The order's form of that heading, its reason, and on to the page that is signed.
  async order(heading, reason) {
    const form = this.page.locator(".order").filter({has: this.page.getByRole("heading",
      {name: heading, exact: true})}).first();
    await form.getByLabel("処理事由").fill(reason);
    await Promise.all([this.page.waitForNavigation(), form.getByRole("button").click()]);
    return await this.seen();
  }
  async registerKey() {
    await this.go("/account/key");
    const shown = await this.press("キーを読み取る");
    const keyid = await this.page.locator("dd code").first().innerText();
    holds(shown, "key-add", "the command to confirm the key");
    return keyid;
  }
}

const clerk = await Person.at("mihon-clerk");
const admin = await Person.at("mihon-admin");
const auditor = await Person.at("mihon-auditor");
const passwords = settings.passwords;

try {
  await step("a page before the log-in leads to it", async () => {
    await clerk.go("/today");
    same(new URL(clerk.page.url()).pathname, "/login", "where a stranger ends");
    const answer = await clerk.context.request.get(origin + "/login");
    const headers = answer.headers();
    holds(headers["content-security-policy"], "default-src 'none'", "policy");
    lacks(headers["content-security-policy"], "unsafe", "policy");
    same(headers["cache-control"], "no-store", "caching");
    same(headers["x-content-type-options"], "nosniff", "sniffing");
    await clerk.shot("console-login");
  });

  await step("a wrong password lets nobody in", async () => {
    const shown = await clerk.logIn("Not the password 1");
    holds(shown, "正しくない", "the refusal");
    same((await clerk.context.cookies()).length, 0, "cookies");
  });

  await step("the keyboard alone logs in", async () => {
    await clerk.go("/login");
    const {page} = clerk;
    await page.keyboard.press("Tab");
    await page.keyboard.type("mihon-clerk");
    await page.keyboard.press("Tab");
    await page.keyboard.type(passwords["mihon-clerk"]);
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    holds(await clerk.seen(), "今日の状況", "the first page");
    const [cookie] = await clerk.context.cookies();
    same(cookie.httpOnly && cookie.secure && cookie.sameSite === "Strict", true, "the cookie");
    await page.keyboard.press("Tab");
    same(await page.evaluate(() => document.activeElement.textContent), "本文へ移動", "first focus");
  });

  await step("keys are registered, and confirmed by the approval key alone", async () => {
    const keyid = await clerk.registerKey();
    same(command("mihon-admin", "operator", "key-add", keyid, "--reason", "見本").code, 1,
      "another person's confirmation");
    same(command("mihon-clerk", "operator", "key-add", keyid, "--reason", "見本: 登録").code, 0,
      "the own confirmation");
    await admin.logIn(passwords["mihon-admin"]);
    const second = await admin.registerKey();
    same(command("mihon-admin", "operator", "key-add", second, "--reason", "見本: 登録").code, 0,
      "the administrator's");
    holds(await clerk.go("/account"), keyid, "the registered key");
  });

  await step("a registered key is demanded at the log-in", async () => {
    await clerk.press("ログアウト");
    holds(await clerk.logIn(passwords["mihon-clerk"]), "正しくない", "the password alone");
    holds(await clerk.logIn(passwords["mihon-clerk"], "セキュリティキーでログイン"), "今日の状況", "with it");
    await clerk.shot("console-today", {fullPage: true});
  });

  await step("every page opens", async () => {
    for (const path of ["/service", "/register", "/approvals", "/unresolved", "/ledger",
      "/reports", "/certificates", "/account", "/alarms", "/erasures"]) {
      lacks(await clerk.go(path), "受け付けられません", path);
      same(await clerk.page.locator("h1").count(), 1, `headings of ${path}`);
      const unlabelled = await clerk.page.evaluate(() =>
        [...document.querySelectorAll("input:not([type=hidden]),select")]
          .filter(one => one.labels.length === 0).length);
      same(unlabelled, 0, `inputs without a label on ${path}`);
    }
    holds(await clerk.go("/register"), "直前の世代との差", "the last extract's difference");
    await clerk.shot("console-register", {fullPage: true});
    await admin.go("/operators");
    await admin.shot("console-operators");
    await clerk.go("/certificates");
    await clerk.shot("console-certificates");
    await clerk.go("/unresolved");
    await clerk.shot("console-unresolved");
  });

  // WCAG 2.4.11 and 1.4.10: where the keyboard stands is seen, and a page scrolls one way only.
  await step("tablets, and where the keyboard stands", async () => {
    for (const [width, height] of [[768, 1024], [1024, 768]]) {
      await clerk.page.setViewportSize({width, height});
      for (const path of ["/today", "/service", "/register", "/approvals", "/alarms",
        "/unresolved", "/erasures", "/ledger", "/reports", "/certificates", "/account"]) {
        await clerk.go(path);
        same(await clerk.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
          true, `no sideways scrolling of ${path} at ${width}`);
        if (settings.pictures) await clerk.shot(`tablet-${width}${path.replace("/", "-")}`, {fullPage: true});
      }
    }
    await clerk.page.setViewportSize({width: 1180, height: 820});
    await clerk.go("/service");
    const unseen = new Set();
    for (let stop = 0; stop < 24; ++stop) {
      await clerk.page.keyboard.press("Tab");
      const found = await clerk.page.evaluate(() => {
        const one = document.activeElement;
        const style = getComputedStyle(one);
        return {page: one === document.body, name: one.textContent || one.name,
          width: parseFloat(style.outlineWidth), line: style.outlineStyle};
      });
      if (found.page) break;
      if (found.line === "none" || found.width < 2) unseen.add(found.name);
    }
    same([...unseen].join(), "", "what has the focus and does not show it");
    if (settings.pictures) await clerk.shot("console-focus");
  });

  await step("a clerk suspends a kind by the key", async () => {
    await clerk.go("/service");
    holds(await clerk.order("証明書の交付の休止", "見本: 用紙の点検"), "住民票の写し", "what is signed");
    await clerk.shot("console-sign");
    holds(await clerk.press("セキュリティキーで署名して実行する"), "実行済み", "the outcome");
    const shown = await clerk.go("/service");
    holds(shown, "休止中", "the state");
    holds(shown, "見本: 用紙の点検", "its reason");
    await clerk.shot("console-service", {fullPage: true});
  });

  await step("a clerk may not resume, whatever is posted", async () => {
    same(await clerk.page.locator("input[value='kind.resume']").count(), 0, "a form for it");
    await clerk.page.evaluate(() => {
      const code = document.querySelector("input[name=code]");
      code.value = "kind.resume";
      const kind = document.createElement("input");
      kind.name = "p_kind";
      kind.value = "juminhyo";
      code.form.querySelectorAll("[name^=p_]").forEach(one => one.remove());
      code.form.append(kind);
      code.form.elements.namedItem("reason").value = "見本: 不正な再開";
    });
    await Promise.all([clerk.page.waitForNavigation(), clerk.page.evaluate(() =>
      document.querySelector("input[value='kind.resume']").form.requestSubmit())]);
    await clerk.seen();
    holds(await clerk.press("セキュリティキーで署名して実行する"), "必要な権限がありません", "the refusal");
    holds(await clerk.go("/service"), "休止中", "the state");
  });

  await step("two persons erase, one alone cannot", async () => {
    await clerk.go("/erasures");
    await clerk.order("消除者の情報の消去", "見本: 転出者の消去");
    holds(await clerk.press("セキュリティキーで署名して申請する"), "承認待ち", "the outcome");
    await clerk.go("/approvals");
    await clerk.shot("console-approvals");
    await Promise.all([clerk.page.waitForNavigation(),
      clerk.page.getByRole("link", {name: "消除者の情報の消去"}).click()]);
    holds(await clerk.press("セキュリティキーで署名して承認する"), "申請者本人は承認できません", "one alone");
    await admin.go("/approvals");
    await Promise.all([admin.page.waitForNavigation(),
      admin.page.getByRole("link", {name: "消除者の情報の消去"}).click()]);
    holds(await admin.seen(), "見本: 転出者の消去", "the reason");
    await admin.shot("console-approval");
    const done = await admin.press("セキュリティキーで署名して承認する");
    holds(done, "実行済み", "the outcome");
    holds(done, "鍵を破棄しました", "what was erased");
    holds(await clerk.go("/erasures"), "鍵の破棄（第1段階）", "the evidence");
    await clerk.shot("console-erasures", {fullPage: true});
  });

  await step("two persons clear an alarm", async () => {
    holds(await clerk.go("/alarms"), "警報が発生しています", "the ribbon");
    await clerk.shot("console-alarm", {fullPage: true});
    await clerk.order("警報の解除", "見本: 帳票を確認した");
    await clerk.press("セキュリティキーで署名して申請する");
    await admin.go("/approvals");
    await Promise.all([admin.page.waitForNavigation(),
      admin.page.getByRole("link", {name: "警報の解除"}).click()]);
    holds(await admin.press("セキュリティキーで署名して承認する"), "警報を解除し", "the outcome");
    holds(await clerk.go("/alarms"), "現在、警報は発生していません", "the state");
  });

  await step("a key without the person's verification signs nothing", async () => {
    await clerk.cdp.send("WebAuthn.setUserVerified",
      {authenticatorId: clerk.authenticator, isUserVerified: false});
    await clerk.go("/service");
    await clerk.order("交付の停止", "見本: 停止");
    await clerk.page.getByRole("button", {name: "セキュリティキーで署名して実行する"}).click();
    await clerk.page.getByRole("alert").filter({hasText: "署名できませんでした"}).waitFor();
    await clerk.cdp.send("WebAuthn.setUserVerified",
      {authenticatorId: clerk.authenticator, isUserVerified: true});
  });

  await step("a forged token is refused", async () => {
    await clerk.go("/ledger");
    await clerk.page.getByLabel("処理事由").fill("見本: 偽造");
    await clerk.page.evaluate(() => {
      document.querySelector("main input[name=csrf]").value = "A".repeat(43);
    });
    holds(await clerk.press("検索する"), "この画面からの操作と確認できません", "the refusal");
    await clerk.go("/ledger");
    await clerk.page.getByLabel("処理事由").fill("見本: 苦情の確認");
    holds(await clerk.press("検索する"), "証明書の交付", "an honest search");
    await clerk.shot("console-ledger");
  });

  await step("another site's form is refused", async () => {
    const answer = await clerk.context.request.post(origin + "/ledger", {
      form: {reason: "x"}, headers: {"sec-fetch-site": "cross-site"}});
    same(answer.status(), 403, "its status");
  });

  await step("an auditor reads and has no order to give", async () => {
    await auditor.logIn(passwords["mihon-auditor"]);
    await auditor.go("/service");
    same(await auditor.page.locator(".order").count(), 0, "orders on the service's page");
    await auditor.go("/alarms");
    same(await auditor.page.locator(".order").count(), 0, "orders on the alarms' page");
    holds(await auditor.go("/operators"), "mihon-head", "the accounts");
  });

  await step("a vendor sees the state, and nothing of a transaction or a person", async () => {
    const vendor = await Person.at("gyosha");
    holds(await vendor.logIn(passwords["gyosha"]), "今日の状況", "the first page");
    lacks(await vendor.seen(), "本日の不交付の件数", "the day's refusals");
    await vendor.shot("console-vendor");
    const menu = await vendor.page.getByRole("navigation").innerText();
    for (const words of ["承認待ち", "警報", "未解決", "消去", "提供記録", "報告書", "利用者"]) {
      lacks(menu, words, "the vendor's menu");
    }
    for (const path of ["/approvals", "/alarms", "/unresolved", "/erasures", "/operators"]) {
      holds(await vendor.go(path), "必要な権限がありません", path);
    }
    for (const path of ["/service", "/register", "/ledger", "/reports"]) {
      await vendor.go(path);
      same(await vendor.page.locator(".order").count(), 0, `orders on ${path}`);
    }
    await vendor.go("/ledger");
    await Promise.all([vendor.page.waitForNavigation(), vendor.page.evaluate(() => {
      const form = document.createElement("form");
      form.method = "post";
      form.action = "/ledger";
      form.append(document.querySelector("input[name=csrf]").cloneNode());
      const reason = document.createElement("input");
      reason.name = "reason";
      reason.value = "見本: 不正な検索";
      form.append(reason);
      document.body.append(form);
      setTimeout(() => form.submit(), 0);
    })]);
    holds(await vendor.seen(), "権限", "a search that is posted all the same");
    await vendor.context.close();
  });

  await step("a later log-in ends the earlier session", async () => {
    const elsewhere = await Person.at("mihon-auditor");
    await elsewhere.logIn(passwords["mihon-auditor"]);
    holds(await auditor.go("/today"), "ログインし直してください", "the stale session");
    await auditor.logIn(passwords["mihon-auditor"]);
    await elsewhere.context.close();
  });

  await step("a revoked operator is out with the next click", async () => {
    holds(await auditor.go("/today"), "今日の状況", "still in");
    same(command("mihon-admin", "operator", "revoke", "mihon-auditor", "--reason", "見本: 任期満了").code,
      0, "the revocation");
    holds(await auditor.go("/ledger"), "失効しています", "the next click");
  });

  await step("an authenticator app is a second factor, and each code counts once", async () => {
    holds(await admin.go("/account"), "認証アプリの登録", "the form for it");
    const form = admin.page.locator("section").filter({hasText: "認証アプリの登録"});
    await form.getByLabel("現在のパスワード").fill(passwords["mihon-admin"]);
    await Promise.all([admin.page.waitForNavigation(), form.getByRole("button").click()]);
    await admin.page.waitForLoadState();  // the secret is on this page: not kept with the others
    const secret = await admin.page.locator("pre code").innerText();
    const code = totp(secret);
    await admin.page.getByLabel("確認コード").fill(code);
    holds(await admin.press("登録する"), "利用者ID", "the log-in page");
    await admin.page.getByLabel("利用者ID").fill("mihon-admin");
    await admin.page.getByLabel("パスワード").fill(passwords["mihon-admin"]);
    await admin.page.getByLabel("確認コード").fill(code);
    holds(await admin.press("ログイン"), "正しくない", "the code once more");
  });

  await step("English, and a tablet upright", async () => {
    await Promise.all([clerk.page.waitForNavigation(),
      clerk.page.getByRole("button", {name: "English"}).click()]);
    holds(await clerk.seen(), "Issued and refused by the hour", "the English page");
    same(await clerk.page.evaluate(() => document.documentElement.lang), "en", "lang");
    await clerk.page.setViewportSize({width: 820, height: 1180});
    await clerk.go("/today");
    same(await clerk.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true,
      "no sideways scrolling");
    await clerk.shot("console-tablet-en");
    await Promise.all([clerk.page.waitForNavigation(),
      clerk.page.getByRole("button", {name: "日本語"}).click()]);
    await clerk.press("ログアウト");
    same((await clerk.context.cookies()).filter(one => one.name === "__Host-certrelay").length, 0,
      "cookies after the log-out");
  });

  await step("after fifteen minutes without a click the session has ended", async () => {
    await clerk.logIn(passwords["mihon-clerk"], "セキュリティキーでログイン");
    const pass = seconds => {
      fs.writeFileSync(`${settings.offset}.new`, `+${seconds}\n`);
      fs.renameSync(`${settings.offset}.new`, settings.offset);
    };
    pass(14 * 60);
    holds(await clerk.go("/service"), "サービスの状態", "a minute before");
    pass(14 * 60 + 15 * 60 + 1);
    const shown = await clerk.go("/service");
    holds(shown, "ログインし直してください", "a second after");
    lacks(shown, "提供時間", "what the page says of the service");
  });
} finally {
  fs.writeFileSync(`${shots}/pages.html`, pages.join("\n"));
  await browser.close();
}
console.log(`${steps.length} steps`);
