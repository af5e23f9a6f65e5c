// @ts-check
/**
 * Texts, numbers, dates and lists in the reader's language.
 *
 * The page says its language in <html lang> and where the catalogue is in <html data-catalog>.
 * Without a catalogue every text is shown as it is written in the code, in English.
 */

/** @typedef {{language: string, plural: string, messages: Record<string, string | string[]>}} Catalog */
/** @typedef {Record<string, string | number>} Params */

/** @type {Catalog} */
const SOURCE = { language: "en", plural: "10".padEnd(200, "1"), messages: {} };

const root = globalThis.document?.documentElement;
const catalog = await load(root?.dataset.catalog);

export const language = root?.lang || SOURCE.language;

/** @param {string | undefined} url @returns {Promise<Catalog>} */
async function load(url) {
  if (!url) return SOURCE;
  try {
    const response = await fetch(url);
    return response.ok ? await response.json() : SOURCE;
  } catch {
    return SOURCE;
  }
}

/** @param {string} text @param {Params} [params] */
function fill(text, params) {
  if (!params) return text;
  return text.replace(/%\((\w+)\)[sd]/g, (whole, name) =>
    Object.hasOwn(params, name) ? String(params[name]) : whole,
  );
}

/**
 * The text in the reader's language, with each %(name)s replaced by params.name.
 * @param {string} text @param {Params} [params]
 */
export function _(text, params) {
  const found = catalog.messages[text];
  return fill(typeof found === "string" ? found : text, params);
}

/** As _, for a text that N_ marked elsewhere. */
export const translate = _;

/** Mark a text for translation where it is written. @param {string} text */
export function N_(text) {
  return text;
}

/**
 * The text for n things; %(n)s is n in the reader's digits unless params say otherwise.
 * @param {string} singular @param {string} plural @param {number} n @param {Params} [params]
 */
export function ngettext(singular, plural, n, params) {
  const forms = catalog.messages[singular];
  const text = Array.isArray(forms) ? forms[form(catalog, n)] : [singular, plural][form(SOURCE, n)];
  return fill(text ?? plural, { n: number(n), ...params });
}

/** @param {Catalog} of @param {number} n */
function form(of, n) {
  const whole = Math.abs(Math.trunc(n));
  return Number(of.plural[whole < 200 ? whole : 100 + (whole % 100)]);
}

/** For dates and numbers: the reader's own region, if the browser names one for this language. */
const region = globalThis.navigator?.languages?.find((tag) => tag.split("-")[0] === language.split("-")[0]) ?? language;

const numbers = new Intl.NumberFormat(region);
const lists = new Intl.ListFormat(region, { type: "conjunction" });
const times = new Intl.DateTimeFormat(region, { timeStyle: "short" });
const moments = new Intl.DateTimeFormat(region, { dateStyle: "long", timeStyle: "short" });
const days = new Intl.DateTimeFormat(region, { weekday: "long", month: "long", day: "numeric" });
const oldDays = new Intl.DateTimeFormat(region, { dateStyle: "full" });
const relative = new Intl.RelativeTimeFormat(region, { numeric: "auto" });

/** @param {number} n */
export function number(n) {
  return numbers.format(n);
}

/** "Ann, Bo and Cy" @param {string[]} items */
export function list(items) {
  return lists.format(items);
}

/** "14:05" @param {number} ms since 1970 */
export function time(ms) {
  return times.format(ms);
}

/** "22 November 2026 at 14:05" @param {number} ms since 1970 */
export function moment(ms) {
  return moments.format(ms);
}

/**
 * "Today", "Yesterday", "Friday, November 20", and with its year when that is another.
 * @param {number} ms since 1970 @param {number} [now]
 */
export function day(ms, now = Date.now()) {
  const ago = Math.round((midnight(now) - midnight(ms)) / 86_400_000);
  if (ago === 0 || ago === 1) return capital(relative.format(-ago, "day"));
  return sameYear(ms, now) ? days.format(ms) : oldDays.format(ms);
}

/** Two sentences, one after the other. @param {string} first @param {string} second */
export const together = (first, second) => _("%(first)s %(second)s", { first, second });

/** "2 days ago", "just now" @param {number} ms since 1970 @param {number} [now] */
export function ago(ms, now = Date.now()) {
  const seconds = Math.round((ms - now) / 1000);
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return _("just now");
}

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [["year", 31_557_600], ["month", 2_629_800], ["day", 86_400], ["hour", 3_600], ["minute", 60]];

/** @param {number} ms */
function midnight(ms) {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** @param {number} a @param {number} b */
function sameYear(a, b) {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}
