// Logging in with an account of another system (S1.24): linking, one login for both, logging out of both, unlinking; with
// a real OpenID Connect provider on another site, in Chromium.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { address, checkAccessibility, checkNarrow, closePage, logIn, openAs, openPage, scene, screenshot } from "./support.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const NAME = "ФИС ОКО";
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// localhost: to a browser another site than 127.0.0.1, whatever the port.
const issuer = `http://localhost:${await freePort()}`;
let provider;

async function startProvider() {
  const options = { host: "localhost", port: Number(new URL(issuer).port), ownAddress: address };
  provider = spawn(`${root}tests/oidc/provider`, [JSON.stringify(options)], { stdio: "ignore", detached: true });
  const until = Date.now() + 120_000;
  for (;;) {
    const answer = await fetch(`${issuer}/.well-known/openid-configuration`).catch(() => null);
    if (answer?.ok) return;
    assert.ok(Date.now() < until && provider.exitCode === null, "the provider does not answer");
    await wait(50);
  }
}

async function stopProvider() {
  if (provider.exitCode !== null || provider.signalCode !== null) return;
  const ended = new Promise((resolve) => provider.once("exit", resolve));
  process.kill(-provider.pid, "SIGKILL");
  await ended;
}

function configure(settings) {
  const lines = Object.entries(settings).flatMap(([key, value]) => ["--set", `auth.oidc_${key}=${value}`]);
  execFileSync(`${root}scripts/stack`, ["up", process.env.VEKHA_TEST_STACK, ...lines], { stdio: ["ignore", "ignore", "inherit"], timeout: 120_000 });
}

before(async () => {
  await startProvider();
  configure({ issuer, client_id: "vekha & co", name_ru: NAME, name_en: "FIS OKO", scopes: "openid profile", own_address: address });
});
after(async () => {
  configure({ issuer: "", client_id: "", name_ru: "", name_en: "", scopes: "openid", own_address: "" });
  await stopProvider();
});

async function openVisitor(options) {
  const page = await openPage(options);
  // The provider's own pages fetch a font from the network.
  await page.context().route(/fonts\.googleapis\.com/, (route) => route.fulfill({ contentType: "text/css", body: "" }));
  await page.goto(address);
  return page;
}

async function goToProvider(page) {
  await page.getByRole("button", { name: `Войти через «${NAME}»` }).click();
}

async function logInThere(page, login) {
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

async function openMenu(page) {
  await page.getByRole("button", { name: /^Вы авторизованы как/ }).click();
}

test("an account is linked, lets in without a password, is left in both systems, and is unlinked", async () => {
  const { respondent } = scene("everybody", { people: ["respondent"] });
  const page = await openVisitor();
  page.expected.push(/403/);
  await page.getByRole("button", { name: `Войти через «${NAME}»` }).waitFor();
  await checkAccessibility(page, "login with a provider");
  await checkNarrow(page, "login with a provider");
  await screenshot(page, "provider-login");
  await goToProvider(page);
  await logInThere(page, respondent.login);

  // Nobody knows it here: the way on is said, and one goes it at once.
  await page.getByText("Эта внешняя учётная запись пока ни с чем не связана").waitFor();
  assert.equal(new URL(page.url()).search, "", "the address keeps nothing of what the provider has sent");
  await checkAccessibility(page, "an external account that nobody knows");
  await checkNarrow(page, "an external account that nobody knows");
  await screenshot(page, "provider-unknown");
  await logIn(page, respondent);
  const offer = page.getByRole("dialog", { name: "Связать учётные записи?" });
  await offer.waitFor();
  await checkAccessibility(page, "the offer to link");
  await screenshot(page, "provider-offer");
  await offer.getByRole("button", { name: "Связать" }).click();
  await page.getByText(`Связана с учётной записью ${respondent.login}@fisoko`).waitFor();
  await checkAccessibility(page, "the profile of a linked account");
  await checkNarrow(page, "the profile of a linked account");
  await screenshot(page, "provider-linked");

  // This session began with the password: it ends here alone, and the provider still knows the person.
  await openMenu(page);
  await page.getByRole("menuitem", { name: "Выйти", exact: true }).click();
  await goToProvider(page);
  await page.locator(".frame").waitFor();
  await page.goto(`${address}/sessions`);
  await page.getByText(`через внешнюю систему ${NAME}`).waitFor();
  await checkAccessibility(page, "sessions of a linked account");

  await openMenu(page);
  await page.getByRole("menuitem", { name: `Выйти здесь и в «${NAME}»` }).click();
  await page.getByRole("button", { name: "Yes, sign me out" }).click();
  await page.getByRole("heading", { name: "Вход в кабинет" }).waitFor();
  await goToProvider(page);
  await logInThere(page, respondent.login);
  await page.locator(".frame").waitFor();

  await page.goto(`${address}/profile`);
  await page.getByRole("button", { name: "Отменить связь" }).click();
  const dialog = page.getByRole("dialog", { name: "Отменить связь" });
  await dialog.getByText(/Остальные ваши сеансы завершатся/).waitFor();
  await checkAccessibility(page, "unlinking");
  await dialog.getByRole("button", { name: "Отменить связь" }).click();
  await page.getByText(`Свяжите свою учётную запись в «${NAME}» с этой`).waitFor();
  const other = await openVisitor();
  other.expected.push(/403/);
  await goToProvider(other);
  await logInThere(other, respondent.login);
  await other.getByText("Эта внешняя учётная запись пока ни с чем не связана").waitFor();
  await closePage(other);
  await closePage(page);
});

test("who turns back at the provider, or comes with somebody else's errand, is told what to do", async () => {
  const page = await openVisitor();
  await goToProvider(page);
  await page.getByRole("link", { name: "Cancel" }).click();
  await page.getByText(`Вход через «${NAME}» отменён`).waitFor();
  await checkAccessibility(page, "a cancelled login");
  await page.getByRole("link", { name: "На страницу входа" }).click();
  await page.getByRole("heading", { name: "Вход в кабинет" }).waitFor();
  // What an attacker's link would open: there is no errand in this browser, and nothing is sent.
  let isAsked = false;
  page.on("request", (request) => (isAsked ||= request.url().includes("enterByProvider")));
  await page.goto(`${address}/login/external?code=caught&state=foreign`);
  await page.getByText("Вход начат в другом окне или уже завершён").waitFor();
  await checkAccessibility(page, "no errand");
  assert.equal(isAsked, false);
  await closePage(page);
});

async function call(verb, path, body, token = "") {
  const answer = await fetch(address + path, {
    method: verb, body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID(), ...(token && { Authorization: `Bearer ${token}` }) },
  });
  assert.ok(answer.ok, `${verb} ${path}: ${answer.status}`);
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
}

test("the administrator sees who is linked and since when, and undoes it", async () => {
  const { respondent, administrator } = scene("everybody", { people: ["respondent", "administrator"] });
  const own = await call("POST", "/api/v1/session", { login: respondent.login, password: respondent.password });
  const { accessToken } = await call("POST", "/api/v1/session", { login: administrator.login, password: administrator.password });
  await call("PUT", `/api/v1/accounts/${own.account.accountId}/provider`, { subject: `issued-${respondent.login}` }, accessToken);
  const page = await openAs(administrator);
  await page.goto(`${address}/accounts?state=linked&query=${respondent.login}`);
  await page.getByRole("button", { name: respondent.login, exact: true }).click();
  const details = page.getByRole("complementary", { name: respondent.login });
  await details.getByText(new RegExp(`^issued-${respondent.login}, связана \\d\\d`)).waitFor();
  await checkAccessibility(page, "a linked account");
  await checkNarrow(page, "a linked account");
  await details.getByRole("button", { name: "Отменить связь с внешней" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/все сеансы завершатся сразу/).waitFor();
  await screenshot(page, "account-unlink");
  await dialog.getByRole("button", { name: "Отменить связь", exact: true }).click();
  await page.getByText("По этим условиям ничего не найдено").waitFor();
  await page.goto(`${address}/accounts?query=${respondent.login}`);
  await page.getByRole("button", { name: respondent.login, exact: true }).click();
  await details.getByText("не связана").waitFor();
  await closePage(page);
});

test("a provider that is down is said in words, and the password still lets in", async () => {
  const { respondent } = scene("everybody", { people: ["respondent"] });
  const page = await openVisitor();
  page.expected.push(/503/);
  await page.getByRole("button", { name: `Войти через «${NAME}»` }).waitFor();
  await stopProvider();
  // auth starts anew, and knows nothing of the provider from before.
  configure({ scopes: "openid" });
  await goToProvider(page);
  await page.getByText("Система, через которую вы входите, сейчас не отвечает").waitFor();
  await checkAccessibility(page, "a provider that is down");
  await logIn(page, respondent);
  await page.locator(".frame").waitFor();
  await closePage(page);
  await startProvider();
});
